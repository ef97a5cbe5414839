import path from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  appDirectoriesFinder,
  type InstalledAppEntry,
  resolveApps,
} from '../../src/finders/app-directories.js';
import type { Warning } from '../../src/model/static-file.js';
import { tempTree } from './temp-tree.js';

type App = string | Omit<InstalledAppEntry, 'setting'>;

async function resolve(baseDir: string, apps: readonly App[]) {
  const warnings: Warning[] = [];
  const entries = apps.map((app, index) => ({
    ...(typeof app === 'string' ? { app } : app),
    setting: `installedApps[${index}]`,
  }));
  const roots = await resolveApps(entries, { baseDir, warn: (warning) => warnings.push(warning) });
  const dirs = roots.map(({ dir }) => path.relative(baseDir, dir));
  return { roots, dirs, warnings: warnings.map(({ code, message }) => `${code}: ${message}`) };
}

describe('folders', () => {
  test('are relative to the project, or absolute', async () => {
    const base = tempTree({ 'apps/blog/static/a.txt': '', 'shop/static/b.txt': '' });
    expect(await resolve(base, ['apps/blog', './shop'])).toMatchObject({
      dirs: ['apps/blog/static', 'shop/static'],
      warnings: [],
    });
    expect((await resolve(base, [path.join(base, 'shop')])).dirs).toEqual(['shop/static']);
  });

  test('become search roots that name the setting', async () => {
    const base = tempTree({ 'apps/blog/public/a.txt': '' });
    const { roots } = await resolve(base, [{ app: 'apps/blog', dir: 'public', prefix: 'b' }]);
    expect(roots).toEqual([
      {
        dir: `${base}/apps/blog/public`,
        prefix: 'b',
        setting: 'installedApps[0] (apps/blog)',
        vendor: false,
      },
    ]);
    expect(appDirectoriesFinder(roots)).toMatchObject({ name: 'app-directories' });
    expect(appDirectoriesFinder(roots).roots()).toEqual(roots);
  });

  test('without static files are left out silently, unless a folder was named', async () => {
    const base = tempTree({ 'apps/blog/templates/a.html': '', 'apps/shop/static': 'a file' });
    expect(await resolve(base, ['apps/blog', 'apps/shop'])).toMatchObject({ dirs: [], warnings: [] });
    const { warnings } = await resolve(base, [{ app: 'apps/blog', dir: 'public' }]);
    expect(warnings).toEqual([
      expect.stringContaining(
        `app-without-static: installedApps[0]: 'apps/blog' has no folder 'public' in '${base}/apps/blog'`,
      ),
    ]);
  });

  test('come before packages of the same name', async () => {
    const base = tempTree({ 'ui/static/a.txt': '', 'node_modules/ui/package.json': '{}' });
    expect((await resolve(base, ['ui'])).dirs).toEqual(['ui/static']);
  });

  test('that are named twice count once, at their first place', async () => {
    const base = tempTree({
      'apps/a/static/1.txt': '',
      'apps/b/static/2.txt': '',
      alias: { link: 'apps/a' },
    });
    expect((await resolve(base, ['apps/b', 'apps/*', 'alias'])).dirs).toEqual([
      'apps/b/static',
      'apps/a/static',
    ]);
    const prefixed = await resolve(base, ['apps/b', { app: 'apps/b', prefix: 'p' }]);
    expect(prefixed.roots.map(({ prefix }) => prefix)).toEqual(['', 'p']);
  });
});

describe('globs', () => {
  test('find folders in order, follow links, and skip node_modules', async () => {
    const base = tempTree({
      'apps/b/static/1.txt': '',
      'apps/a/static/2.txt': '',
      'apps/none/x.txt': '',
      'apps/file.txt': '',
      'apps/linked': { link: '../else' },
      'apps/node_modules/static/4.txt': '',
      'else/static/3.txt': '',
    });
    const { roots, dirs, warnings } = await resolve(base, ['./apps/*/']);
    expect(dirs).toEqual(['apps/a/static', 'apps/b/static', 'apps/linked/static']);
    expect(roots[0]!.setting).toBe('installedApps[0] (apps/a)');
    expect(warnings).toEqual([]);
  });

  test('with ** skip node_modules', async () => {
    const base = tempTree({
      'apps/deep/a/static/1.txt': '',
      'apps/node_modules/x/static/2.txt': '',
    });
    expect((await resolve(base, ['apps/**'])).dirs).toEqual(['apps/deep/a/static']);
  });

  test('may name node_modules', async () => {
    const base = tempTree({ 'node_modules/@acme/ui/static/1.txt': '' });
    const { roots } = await resolve(base, ['node_modules/@acme/*']);
    expect(roots).toMatchObject([{ vendor: true, setting: 'installedApps[0] (node_modules/@acme/ui)' }]);
  });

  test('that match nothing cause a warning', async () => {
    const base = tempTree();
    const { warnings } = await resolve(base, ['apps/*']);
    expect(warnings).toEqual([
      expect.stringContaining("no-app-matches: installedApps[0]: no folder matches 'apps/*'"),
    ]);
  });

  test('are plain names if a folder has exactly that name', async () => {
    const base = tempTree({ 'app[1]/static/a.txt': '', 'app1/static/a.txt': '' });
    expect((await resolve(base, ['app[1]'])).dirs).toEqual(['app[1]/static']);
  });
});

describe('npm packages', () => {
  test.each(['lib', '@scope/lib', 'events', 'htmx.org'])('are found by name: %s', async (name) => {
    const base = tempTree({
      [`node_modules/${name}/package.json`]: '{"exports":"./index.js"}',
      [`node_modules/${name}/dist/a.js`]: '',
    });
    const { roots } = await resolve(base, [{ app: name, dir: 'dist' }]);
    expect(roots).toEqual([
      {
        dir: `${base}/node_modules/${name}/dist`,
        prefix: '',
        setting: `installedApps[0] (${name})`,
        vendor: true,
      },
    ]);
  });

  test('may be hoisted above the project', async () => {
    const tree = tempTree({
      'node_modules/lib/package.json': '{}',
      'node_modules/lib/static/a.js': '',
      'packages/site/': '',
    });
    expect((await resolve(path.join(tree, 'packages/site'), ['lib'])).roots).toMatchObject([
      { dir: `${tree}/node_modules/lib/static`, vendor: true },
    ]);
  });

  test('may be linked workspaces, whose files are not vendor files', async () => {
    const base = tempTree({
      'packages/ui/package.json': '{}',
      'packages/ui/static/a.js': '',
      'packages/bare/package.json': '{}',
      'node_modules/@acme/ui': { link: '../../packages/ui' },
      'node_modules/bare': { link: '../packages/bare' },
    });
    const { roots, warnings } = await resolve(base, ['@acme/ui', 'bare']);
    expect(roots).toMatchObject([{ dir: `${base}/node_modules/@acme/ui/static`, vendor: false }]);
    expect(warnings).toEqual([]);
  });

  test('may be linked from the store of pnpm, whose files are vendor files', async () => {
    const store = 'node_modules/.pnpm/lib@1.0.0/node_modules/lib';
    const base = tempTree({
      [`${store}/package.json`]: '{}',
      [`${store}/static/a.js`]: '',
      'node_modules/lib': { link: '.pnpm/lib@1.0.0/node_modules/lib' },
    });
    expect((await resolve(base, ['lib'])).roots).toMatchObject([{ vendor: true }]);
  });

  test.each([
    ['dist', 'dist'],
    ['docs', '…'],
  ])('without a static folder, but with %s, cause a warning that suggests %s', async (folder, suggested) => {
    const base = tempTree({ 'node_modules/lib/package.json': '{}', [`node_modules/lib/${folder}/a.js`]: '' });
    const { roots, warnings } = await resolve(base, ['lib']);
    expect(roots).toEqual([]);
    expect(warnings).toEqual([expect.stringContaining(`{ "app": "lib", "dir": "${suggested}" }`)]);
  });
});

describe('apps that are not found', () => {
  const ERRORS: readonly (readonly [app: string, words: string])[] = [
    [
      'bootstrp',
      "installedApps[0]: no app 'bootstrp' was found: there is no folder 'BASE/bootstrp', and no npm package of that name in any node_modules from 'BASE' upwards",
    ],
    ['./lib', "installedApps[0]: there is no folder 'BASE/lib'. Create it"],
    ['apps/blog', "installedApps[0]: there is no folder 'BASE/apps/blog'. Create it"],
    ['/nowhere', "installedApps[0]: there is no folder '/nowhere'. Create it"],
  ];
  test.each(ERRORS)('are an error: %s', async (app, words) => {
    const base = tempTree({ 'node_modules/lib/package.json': '{}' });
    await expect(resolve(base, [app])).rejects.toMatchObject({
      code: 'settings',
      message: expect.stringContaining(words.replaceAll('BASE', base)),
    });
  });
});
