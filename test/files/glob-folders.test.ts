import path from 'node:path';
import { expect, test } from 'vitest';
import { globFolders, isGlob } from '../../src/files/glob-folders.js';
import { tempTree } from '../finders/temp-tree.js';

test.each([
  ['apps/*', true],
  ['app?', true],
  ['{a,b}', true],
  ['[ab]', true],
  ['+(a|b)', true],
  ['apps/blog', false],
  ['@scope/name', false],
  ['my app (old)!', false],
])('%j is a glob: %s', (text, expected) => {
  expect(isGlob(text)).toBe(expected);
});

test('each matching folder is returned once, sorted, without the ignored ones', async () => {
  const base = tempTree({ 'b/': '', 'a/': '', 'c/': '', file: '', '.hidden/': '' });
  expect(await globFolders(base, ['b', '*'], ['./c/'])).toEqual([path.join(base, 'a'), path.join(base, 'b')]);
});

test('a loop of links below ** is not followed', async () => {
  const base = tempTree({ 'a/b/': '', 'a/b/loop': { link: '..' } });
  expect(await globFolders(base, ['**'])).toEqual([path.join(base, 'a'), path.join(base, 'a', 'b')]);
});
