import fs from 'node:fs';
import path from 'node:path';
import { afterEach, expect, it, vi } from 'vitest';
import { defaultCacheDir } from '../../src/cache/cache-dir.js';
import { newFolder } from '../settings/folder.js';

afterEach(() => {
  vi.restoreAllMocks();
  vi.doUnmock('env-paths');
});

/** Makes one folder unwritable. Not by its mode, which the superuser ignores. */
function denyWriting(denied: string): void {
  const { accessSync } = fs;
  vi.spyOn(fs, 'accessSync').mockImplementation((file, mode) => {
    if (file === denied) throw Object.assign(new Error('denied'), { code: 'EACCES' });
    accessSync(file, mode);
  });
}

/** Acts as for a user that the system does not know, without the variable HOME. env-paths reads it when it is loaded. */
function takeHome(): void {
  vi.doMock('env-paths', () => {
    throw Object.assign(new Error('uv_os_homedir returned ENOENT'), { code: 'ERR_SYSTEM_ERROR' });
  });
}

it('the cache folder is in the project, outside of node_modules, and is not created', async () => {
  const dir = newFolder({ 'package.json': '{}', 'sub/x.txt': '', 'node_modules/x/y.js': '' });
  expect(await defaultCacheDir(path.join(dir, 'sub'))).toBe(path.join(dir, '.cache/staticfiles'));
  expect(fs.existsSync(path.join(dir, '.cache'))).toBe(false);
});

it('the user’s cache folder is used if the project cannot be written', async () => {
  const dir = newFolder({ 'package.json': '{}' });
  denyWriting(dir);
  const cacheDir = await defaultCacheDir(dir);
  expect(path.isAbsolute(cacheDir)).toBe(true);
  expect(path.relative(dir, cacheDir)).toMatch(/^\.\..*staticfiles/);
});

it('a user without a home folder gets the folder in the project, which a warning can name', async () => {
  const dir = newFolder({ 'package.json': '{}' });
  denyWriting(dir);
  takeHome();
  expect(await defaultCacheDir(dir)).toBe(path.join(dir, '.cache/staticfiles'));
});
