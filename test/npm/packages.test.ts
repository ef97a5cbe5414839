import path from 'node:path';
import { expect, it } from 'vitest';
import { projectFolder } from '../../src/npm/packages.js';
import { newFolder } from '../settings/folder.js';

it('is the nearest one upwards with a package.json', () => {
  const dir = newFolder({ 'package.json': '{}', 'a/package.json': '{}', 'a/b/c/x.txt': '', 'd/x.txt': '' });
  expect(projectFolder(path.join(dir, 'a/b/c'))).toBe(path.join(dir, 'a'));
  expect(projectFolder(path.join(dir, 'a'))).toBe(path.join(dir, 'a'));
  expect(projectFolder(path.join(dir, 'd'))).toBe(dir);
});

it('is undefined if it is not installed', () => {
  expect(projectFolder(path.parse(newFolder()).root)).toBeUndefined();
});
