import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Finder } from '../../src/finders/finder.js';
import type { SearchRoot } from '../../src/model/static-file.js';
import { resolveSettings } from '../../src/settings/resolve.js';
import type { UserSettings } from '../../src/settings/settings.js';
import { newFolder } from './folder.js';
import { problemCodes, problemLines, rejection } from './rejection.js';

const TREE = {
  'package.json': '{"workspaces": ["packages/*"]}',
  'packages/one/package.json': '{}',
  'packages/one/static/x': '',
  'static/x': '',
};

function resolve(baseDir: string, settings: unknown = {}) {
  return resolveSettings(settings as UserSettings, { baseDir });
}

function finderOf(...roots: SearchRoot[]): Finder {
  return { name: 'mine', roots: () => roots, list: () => [], find: () => [], explain: () => undefined };
}

describe('without settings', () => {
  it('collects the workspaces and static/ into staticfiles/', async () => {
    const dir = newFolder(TREE);
    const settings = await resolve(dir);
    expect(settings).toMatchObject({
      baseDir: dir,
      staticRoot: path.join(dir, 'staticfiles'),
      staticUrl: '/static/',
      cacheDir: path.join(dir, '.cache/staticfiles'),
      processors: [],
      ignore: [],
      conflicts: 'allow',
      warnings: [],
      storage: { name: 'filesystem', folder: path.join(dir, 'staticfiles') },
    });
    expect(settings.finders.map(({ name }) => name)).toEqual(['file-system', 'app-directories']);
    expect(settings.finders.flatMap((finder) => finder.roots()).map(({ dir: root }) => root)).toEqual([
      path.join(dir, 'static'),
      path.join(dir, 'packages/one/static'),
    ]);
  });

  it('works in an empty folder, without a warning', async () => {
    const settings = await resolve(newFolder());
    expect(settings.warnings).toEqual([]);
    expect(settings.finders.flatMap((finder) => finder.roots())).toEqual([]);
  });

  it.each<[string, UserSettings]>([
    ['staticRoot', { staticRoot: 'static' }],
    ['staticRoot, by another path', { staticRoot: './other/../static/' }],
    ['staticRoot, by a link', { staticRoot: 'link' }],
    ['the location of the storage', { storages: { staticfiles: { options: { location: 'static' } } } }],
    [
      'manifest.storage',
      { manifest: { storage: { backend: 'filesystem', options: { location: 'static' } } } },
    ],
  ])('refuses the default search root as %s', async (_, settings) => {
    const dir = newFolder({ 'static/x': '', link: { link: 'static' } });
    const { message } = await rejection(resolve(dir, settings));
    expect(message).toContain('(staticfiles.E002)');
    expect(message).toContain('"staticfilesDirs": []');
    await resolve(dir, { ...settings, staticfilesDirs: [] });
  });

  it('static/ may be the destination if it contains no source', async () => {
    const published = newFolder({ 'static/x': '', 'static/.staticfiles-run.json': '{"run":"b7c1"}' });
    for (const dir of [newFolder(), newFolder({ 'static/.gitkeep': '' }), published]) {
      const settings = await resolve(dir, { staticRoot: 'static' });
      expect(settings.finders.flatMap((finder) => finder.roots())).toEqual([]);
      expect(settings.warnings).toEqual([]);
    }
  });

  it('a folder of a pattern, a workspace or a package must not be the destination', async () => {
    const dir = newFolder({
      'package.json': '{"workspaces": ["packages/*"]}',
      'packages/one/package.json': '{}',
      'packages/one/static/x': '',
      'apps/blog/static/x': '',
      'node_modules/boot/package.json': '{"name": "boot"}',
      'node_modules/boot/dist/x': '',
    });
    const boot = [{ app: 'boot', dir: 'dist' }];
    for (const settings of [
      { staticRoot: 'packages/one/static' },
      { staticRoot: 'apps/blog/static', installedApps: ['apps/*'] },
      { staticRoot: 'node_modules/boot/dist', installedApps: boot },
      { storages: { staticfiles: { options: { location: 'node_modules/boot/dist' } } }, installedApps: boot },
    ])
      expect((await rejection(resolve(dir, settings))).message).toContain('(staticfiles.E002)');
  });
});

describe('plug-ins', () => {
  it('are made in the order of the settings', async () => {
    const dir = newFolder({
      'finder.mjs':
        'export default (options, { baseDir }) => ({ name: "theirs", roots: () => [{ dir: baseDir + "/gen", prefix: "", setting: "theirs", vendor: false }], list: () => [], find: () => [], explain() {} });',
      'processor.mjs':
        'export default ({ level }) => ({ name: "p" + level, process: (outputs) => outputs });',
      'storage.mjs':
        'export default ({ bucket }, { staticUrl }) => ({ name: bucket + " " + staticUrl, inventory() {}, write() {}, remove() {}, readText() {} });',
    });
    const value = { name: 'value', process: () => [] };
    const settings = await resolve(dir, {
      staticfilesFinders: ['./finder.mjs', finderOf(), 'file-system'],
      postProcess: [['./processor.mjs', { level: 9 }], value, './processor.mjs'],
      storages: { staticfiles: { backend: './storage.mjs', options: { bucket: 'b' } } },
    });
    expect(settings.finders.map(({ name }) => name)).toEqual(['theirs', 'mine', 'file-system']);
    expect(settings.processors.map(({ name }) => name)).toEqual(['p9', 'value', 'pundefined']);
    expect(settings.storage.name).toBe('b /static/');
  });

  it('have their options checked', async () => {
    const dir = newFolder();
    const { storage } = await resolve(dir, {
      storages: { staticfiles: { options: { location: 'elsewhere' } } },
    });
    expect(storage.folder).toBe(path.join(dir, 'elsewhere'));
    const options = { filePermissions: 'rw-r--r--' };
    const { code, message } = await rejection(resolve(dir, { storages: { staticfiles: { options } } }));
    expect(code).toBe('settings');
    expect(message).toMatch(/^storages\.staticfiles\.options\.filePermissions: expected octal text/);
  });

  it.each([
    [
      { staticfilesFinders: ['filesystem'] },
      "'filesystem' (staticfilesFinders[0])",
      "Did you mean 'file-system'?",
    ],
    [
      { storages: { staticfiles: { backend: 'filesytem' } } },
      '(storages.staticfiles.backend)',
      "Did you mean 'filesystem'?",
    ],
    [{ postProcess: ['none'] }, "'none' (postProcess[0])", 'no built-in processor and no package'],
    [{ postProcess: [{ name: 'x' }] }, 'The processor in postProcess[0]', 'it lacks process'],
    [
      { staticfilesFinders: [{ name: 'x', list() {} }] },
      'The finder in staticfilesFinders[0]',
      'it lacks roots, find, explain',
    ],
    [
      { storages: { staticfiles: { backend: { name: 'x', write() {} } } } },
      'The storage in storages.staticfiles.backend',
      'it lacks inventory, remove, readText',
    ],
  ])('that are not found or incomplete are named: %j', async (settings, place, words) => {
    const { code, message } = await rejection(resolve(newFolder(), settings));
    expect(code).toBe('plugin');
    expect(message).toContain(place);
    expect(message).toContain(words);
  });

  it('are named if they fail in roots()', async () => {
    const broken: Finder = {
      ...finderOf(),
      roots() {
        throw new Error('boom');
      },
    };
    const { code, message } = await rejection(resolve(newFolder(), { staticfilesFinders: [broken] }));
    expect({ code, message }).toEqual({
      code: 'plugin',
      message: "The finder 'mine' failed in roots(): boom",
    });
  });
});

describe('checks', () => {
  it('report all problems together, errors first', async () => {
    const dir = newFolder({ 'out/x': '', 'a/x': '' });
    const error = await rejection(
      resolve(dir, {
        staticRoot: 'out',
        staticUrl: 'static',
        staticfilesDirs: ['nowhere', 'out', ['p/', 'a'], 42],
        installedApps: ['none'],
        staticfilesFinders: ['file-system', 'app-directories', 'file-system'],
        mediaRoot: 'out/media',
        mediaUrl: 'static',
        conflicts: 1,
        extra: 1,
      }),
    );
    expect(error.code).toBe('settings');
    expect(error.message).toMatch(
      /^The settings have 10 errors and 1 warning:\n {2}conflicts: expected .*\n {2}extra: unknown setting\. Allowed: staticRoot, .* and 12 more\. /,
    );
    const errors = ['E007', 'E006', 'E003', 'E004', 'E018', 'E019', 'E010', 'E011', 'E002', 'E012'];
    expect(problemCodes(error)).toEqual([...errors, 'W004']);
  });

  it("that only warn are in the settings' warnings", async () => {
    const dir = newFolder({ 'a/x': '' });
    const settings = await resolve(dir, {
      staticRoot: 'a/out',
      staticfilesDirs: ['a', 'nowhere'],
      installedApps: [],
    });
    expect(settings.warnings.map(({ code }) => code)).toEqual(['W004', 'W017']);
  });

  it('cover the folders of the apps', async () => {
    const dir = newFolder({ 'apps/a/static/x': '' });
    const error = await rejection(resolve(dir, { staticRoot: 'apps', installedApps: ['apps/*'] }));
    expect(problemLines(error)).toEqual([
      expect.stringMatching(/^E015 staticRoot: .*apps\/a\/static' \(installedApps\[0\] \(apps\/a\)\)\.$/),
    ]);
  });

  it('cover the folders of a custom finder', async () => {
    const dir = newFolder();
    const root = { dir: path.join(dir, 'out'), prefix: '', setting: 'mine', vendor: false };
    const error = await rejection(resolve(dir, { staticRoot: 'out', staticfilesFinders: [finderOf(root)] }));
    expect(problemLines(error)).toEqual([
      expect.stringMatching(/^E002 staticRoot: .*search root \(mine\)\./),
    ]);
  });

  it('cover the folder that the storage publishes to', async () => {
    const dir = newFolder({ 'static/x': '' });
    const located = (location: string) => ({ storages: { staticfiles: { options: { location } } } });
    expect(problemCodes(await rejection(resolve(dir, located('.'))))).toEqual(['E014']);
    expect(problemLines(await rejection(resolve(dir, located('static'))))[0]).toMatch(/^E002/);
    expect((await resolve(dir, located('static/out'))).warnings).toMatchObject([
      {
        code: 'W017',
        message: expect.stringMatching(/^storages\.staticfiles: '.*' is inside the search root/),
      },
    ]);
  });

  it('skip the apps if no finder searches them', async () => {
    const settings = { installedApps: ['none'], staticfilesFinders: ['file-system'] };
    expect((await resolve(newFolder(), settings)).finders).toHaveLength(1);
  });
});
