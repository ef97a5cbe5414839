import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { appDirectories, workspaceDirectories } from '../../src/settings/installed-apps.js';
import { newFolder } from './folder.js';
import { rejection } from './rejection.js';

const TREE = {
  'package.json': '{"workspaces": ["packages/*"]}',
  'packages/one/package.json': '{}',
  'packages/one/static/x': '',
  'packages/two/package.json': '{}',
  'packages/two/static/x': '',
  'packages/bare/package.json': '{}',
  'apps/blog/static/x': '',
  'node_modules/boot/package.json': '{"name": "boot"}',
  'node_modules/boot/dist/x': '',
};

describe('appDirectories', () => {
  it('resolves folders, globs and packages', async () => {
    const dir = newFolder(TREE);
    const entries = ['apps/blog', 'packages/*', { app: 'boot', dir: 'dist', prefix: 'boot' }];
    const { roots, problems } = await appDirectories(entries, dir);
    expect(problems).toEqual([]);
    expect(
      roots.map((root) => [path.relative(dir, root.dir), root.prefix, root.setting, root.vendor]),
    ).toEqual([
      ['apps/blog/static', '', 'installedApps[0] (apps/blog)', false],
      ['packages/one/static', '', 'installedApps[1] (packages/one)', false],
      ['packages/two/static', '', 'installedApps[1] (packages/two)', false],
      ['node_modules/boot/dist', 'boot', 'installedApps[2] (boot)', true],
    ]);
  });

  it('reports every app that is not found', async () => {
    const { roots, problems } = await appDirectories(['./no', 'apps/blog', 'none'], newFolder(TREE));
    expect(roots).toEqual([]);
    expect(problems).toEqual([
      { code: 'E018', key: 'installedApps[0]', message: expect.stringMatching(/\/no'/) },
      { code: 'E018', key: 'installedApps[2]', message: expect.stringMatching(/^no .*'none'/) },
    ]);
  });

  it.each([
    [42, 'E007', 'installedApps[0]', "a package's name or {app, dir, prefix, include, ignore}, got 42."],
    [{ dir: 'dist' }, 'E007', 'installedApps[0].app', 'this key is required.'],
    [{ app: 'boot', dirr: 'dist' }, 'E006', 'installedApps[0].dirr', 'unknown setting.'],
    [{ app: 'apps/blog', prefix: 'p/' }, 'E003', 'installedApps[0]', "the prefix 'p/' must not end"],
    [{ app: 'apps/blog', prefix: '..' }, 'E008', 'installedApps[0]', 'must not contain'],
  ])('refuses %j with %s', async (entry, code, key, words) => {
    const { problems } = await appDirectories([entry], newFolder(TREE));
    expect(problems).toMatchObject([{ code, key, message: expect.stringContaining(words) }]);
  });

  it('returns the warnings of the finder', async () => {
    const { problems } = await appDirectories(['boot', 'nothing/*'], newFolder(TREE));
    expect(problems.map(({ code }) => code)).toEqual(['app-without-static', 'no-app-matches']);
  });
});

describe('workspaceDirectories', () => {
  it('returns the workspaces with static files', async () => {
    const { roots, problems } = await workspaceDirectories(newFolder(TREE));
    expect(problems).toEqual([]);
    expect(roots.map(({ setting }) => setting)).toEqual([
      'workspaces (packages/one)',
      'workspaces (packages/two)',
    ]);
  });

  it('is empty for a folder without a package.json', async () => {
    expect(await workspaceDirectories(newFolder())).toEqual({ roots: [], problems: [] });
  });

  it('names a package.json with invalid workspaces', async () => {
    const dir = newFolder({ 'package.json': '{"workspaces": [7]}' });
    expect((await rejection(workspaceDirectories(dir))).message).toContain(path.join(dir, 'package.json'));
  });
});
