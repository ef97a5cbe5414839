import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { appDirectories, workspaceDirectories } from '../../src/settings/installed-apps.js';
import { newFolder } from './folder.js';
import { rejection } from './problems.js';

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
    const { roots, messages } = await appDirectories(entries, dir);
    expect(messages).toEqual([]);
    expect(
      roots.map((root) => [path.relative(dir, root.dir), root.prefix, root.setting, root.vendor]),
    ).toEqual([
      ['apps/blog/static', '', 'installedApps[0] (apps/blog)', false],
      ['packages/one/static', '', 'installedApps[1] (packages/one)', false],
      ['packages/two/static', '', 'installedApps[1] (packages/two)', false],
      ['node_modules/boot/dist', 'boot', 'installedApps[2] (boot)', true],
    ]);
  });

  it('tells of every app that cannot be found', async () => {
    const { roots, messages } = await appDirectories(['./no', 'apps/blog', 'none'], newFolder(TREE));
    expect(roots).toEqual([]);
    expect(messages).toEqual([
      { code: 'E018', message: expect.stringMatching(/^installedApps\[0\].*\/no'/) },
      { code: 'E018', message: expect.stringMatching(/^installedApps\[2\].*'none'/) },
    ]);
  });

  it.each([
    [42, 'E007', 'installedApps[0] is 42; expected a folder, a glob of folders'],
    [{ dir: 'dist' }, 'E007', 'installedApps[0].app is missing'],
    [{ app: 'boot', dirr: 'dist' }, 'E006', "Unknown setting 'installedApps[0].dirr'"],
    [{ app: 'apps/blog', prefix: 'p/' }, 'E003', "The prefix 'p/' in the installedApps setting must not end"],
    [{ app: 'apps/blog', prefix: '..' }, 'E008', 'must not climb'],
  ])('refuses %j with %s', async (entry, code, words) => {
    const { messages } = await appDirectories([entry], newFolder(TREE));
    expect(messages).toMatchObject([{ code, message: expect.stringContaining(words) }]);
  });

  it('passes the finders’ warnings on', async () => {
    const { messages } = await appDirectories(['boot', 'nothing/*'], newFolder(TREE));
    expect(messages.map(({ code }) => code)).toEqual(['app-without-static', 'no-app-matches']);
  });
});

describe('workspaceDirectories', () => {
  it('takes the workspaces that have static files', async () => {
    const { roots, messages } = await workspaceDirectories(newFolder(TREE));
    expect(messages).toEqual([]);
    expect(roots.map(({ setting }) => setting)).toEqual([
      'workspaces (packages/one)',
      'workspaces (packages/two)',
    ]);
  });

  it('is empty for a folder that is no package', async () => {
    expect(await workspaceDirectories(newFolder())).toEqual({ roots: [], messages: [] });
  });

  it('names a package.json whose workspaces make no sense', async () => {
    const dir = newFolder({ 'package.json': '{"workspaces": [7]}' });
    expect((await rejection(workspaceDirectories(dir))).message).toContain(path.join(dir, 'package.json'));
  });
});
