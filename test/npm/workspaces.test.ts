import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { workspaceFolders } from '../../src/npm/workspaces.js';
import { tempTree } from '../finders/temp-tree.js';

async function workspacesOf(files: Readonly<Record<string, string>>): Promise<readonly string[]> {
  const base = tempTree({
    'packages/b/package.json': '{}',
    'packages/a/package.json': '{}',
    'packages/a/node_modules/dep/package.json': '{}',
    'packages/no-package/readme.md': '',
    'packages/old/legacy/package.json': '{}',
    'tools/package.json': '{}',
    ...files,
  });
  return (await workspaceFolders(base)).map((folder) => path.relative(base, folder));
}

const LISTS: readonly (readonly [globs: readonly string[], folders: readonly string[]])[] = [
  [
    ['packages/*', 'tools'],
    ['packages/a', 'packages/b', 'tools'],
  ],
  [['./packages/*/'], ['packages/a', 'packages/b']],
  [['packages/**'], ['packages/a', 'packages/b', 'packages/old/legacy']],
  [
    ['packages/**', '!**/old/**'],
    ['packages/a', 'packages/b'],
  ],
  [['packages/*', '!./packages/b/'], ['packages/a']],
  [['.', 'packages/a'], ['packages/a']],
  [['!packages/b'], []],
  [['nowhere/*'], []],
  [[], []],
];

describe.each(LISTS)('%j', (globs, folders) => {
  test.each([
    ['npm', { 'package.json': JSON.stringify({ workspaces: globs }) }],
    ['Yarn', { 'package.json': JSON.stringify({ workspaces: { packages: globs, nohoist: [] } }) }],
    ['pnpm', { 'package.json': '{}', 'pnpm-workspace.yaml': `packages: ${JSON.stringify(globs)}` }],
  ])('of %s gives the folders', async (_, files) => {
    expect(await workspacesOf(files)).toEqual(folders);
  });
});

test.each([
  ['no package.json', {}],
  ['no workspaces', { 'package.json': '\ufeff{"name":"x"}' }],
  ['an empty pnpm-workspace.yaml', { 'pnpm-workspace.yaml': '' }],
])('a project with %s has no workspaces', async (_, files) => {
  expect(await workspacesOf(files)).toEqual([]);
});

test("pnpm's own file wins if it names packages", async () => {
  const files = {
    'package.json': '{"workspaces":["tools"]}',
    'pnpm-workspace.yaml': 'packages: [packages/a]',
  };
  expect(await workspacesOf(files)).toEqual(['packages/a']);
  expect(await workspacesOf({ ...files, 'pnpm-workspace.yaml': 'onlyBuiltDependencies: []' })).toEqual([
    'tools',
  ]);
});

test.each([
  ['package.json', '{"workspaces":"packages/*"}', 'package.json: workspaces: expected a list'],
  ['package.json', '{"workspaces":[1]}', 'package.json: workspaces: expected a list'],
  ['package.json', '{"workspaces":{"nohoist":[]}}', 'package.json: workspaces: expected a list'],
  ['package.json', '{', 'package.json:1:2: invalid JSON'],
  ['pnpm-workspace.yaml', 'packages: x', 'pnpm-workspace.yaml: packages: expected a list'],
  ['pnpm-workspace.yaml', '"', 'Cannot read'],
  ['pnpm-workspace.yaml/', '', 'Cannot read'],
])('%s with %j is an error that names the file', async (file, text, words) => {
  const failure = await workspacesOf({ [file]: text }).catch((error: unknown) => error);
  expect(failure).toMatchObject({ code: 'settings', message: expect.stringContaining(words) });
  expect(failure).toMatchObject({ message: expect.stringContaining(path.basename(file)) });
});
