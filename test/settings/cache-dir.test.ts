import fs from 'node:fs';
import path from 'node:path';
import { afterEach, expect, it, vi } from 'vitest';
import { defaultCacheDir } from '../../src/settings/cache-dir.js';
import { newFolder } from './folder.js';

afterEach(() => vi.restoreAllMocks());

it('is in the node_modules of the project, and is not created', async () => {
  const dir = newFolder({ 'package.json': '{}', 'sub/x.txt': '' });
  expect(await defaultCacheDir(path.join(dir, 'sub'))).toBe(
    path.join(dir, 'node_modules/.cache/staticfiles'),
  );
  expect(fs.existsSync(path.join(dir, 'node_modules'))).toBe(false);
});

/** Takes the right to write away from one folder. (Modes would not do: they do not hold the superuser.) */
function denyWriting(denied: string): void {
  const { accessSync } = fs;
  vi.spyOn(fs, 'accessSync').mockImplementation((file, mode) => {
    if (file === denied) throw Object.assign(new Error('denied'), { code: 'EACCES' });
    accessSync(file, mode);
  });
}

it.each([
  ['the project', { 'package.json': '{}' }, '.'],
  ['its node_modules', { 'package.json': '{}', 'node_modules/x/y.js': '' }, 'node_modules'],
])('is the user’s where %s cannot be written', async (_, tree, denied) => {
  const dir = newFolder(tree);
  denyWriting(path.join(dir, denied));
  const cacheDir = await defaultCacheDir(dir);
  expect(path.isAbsolute(cacheDir)).toBe(true);
  expect(path.relative(dir, cacheDir)).toMatch(/^\.\..*staticfiles/);
});
