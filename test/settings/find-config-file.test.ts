import os from 'node:os';
import path from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { findConfigFile } from '../../src/settings/config-file.js';
import { newFolder } from './folder.js';

afterEach(() => vi.restoreAllMocks());

describe('findConfigFile', () => {
  it.each(['ts', 'mts', 'js', 'mjs', 'cjs', 'json', 'jsonc'])('finds staticfiles.config.%s', (extension) => {
    const name = `staticfiles.config.${extension}`;
    const dir = newFolder({ [name]: '{}' });
    expect(findConfigFile(dir)).toBe(path.join(dir, name));
  });

  it('finds an empty file, so that reading it reports the problem', () => {
    const dir = newFolder({ 'staticfiles.config.mjs': '' });
    expect(findConfigFile(dir)).toBe(path.join(dir, 'staticfiles.config.mjs'));
  });

  it('finds a package.json with the key, and skips one without', () => {
    const dir = newFolder({
      'package.json': '{"staticfiles": {}}',
      'a/package.json': '{"name": "a"}',
      'a/b/package.json': '"odd"',
    });
    expect(findConfigFile(path.join(dir, 'a/b'))).toBe(path.join(dir, 'package.json'));
  });

  it('prefers the nearest folder, and in it a config file over package.json', () => {
    const dir = newFolder({
      'staticfiles.config.ts': '',
      'app/package.json': '{"staticfiles": {}}',
      'app/staticfiles.config.json': '{}',
      'app/src/x.txt': '',
    });
    expect(findConfigFile(path.join(dir, 'app/src'))).toBe(path.join(dir, 'app/staticfiles.config.json'));
  });

  it('does not run modules', () => {
    const dir = newFolder({ 'staticfiles.config.mjs': 'throw new Error("was run")' });
    expect(findConfigFile(dir)).toBe(path.join(dir, 'staticfiles.config.mjs'));
  });

  it('names a package.json that is invalid JSON', () => {
    const dir = newFolder({ 'package.json': '{"a": 1,}' });
    expect(() => findConfigFile(dir)).toThrow(/^package\.json:1:9: invalid JSON: /);
  });

  it('names a package.json that is a folder', () => {
    const dir = newFolder({ 'package.json': { folder: true } });
    expect(() => findConfigFile(dir)).toThrow('package.json: cannot read it: it is a directory.');
  });

  it('does not look above the home folder', () => {
    const dir = newFolder({ 'staticfiles.config.json': '{}', 'home/project/x.txt': '' });
    vi.spyOn(os, 'homedir').mockReturnValue(path.join(dir, 'home'));
    expect(findConfigFile(path.join(dir, 'home/project'))).toBeUndefined();
    expect(findConfigFile(dir)).toBe(path.join(dir, 'staticfiles.config.json'));
  });

  it('looks up to the root for a user without a home', () => {
    const dir = newFolder({ 'staticfiles.config.json': '{}', 'a/b/x.txt': '' });
    vi.spyOn(os, 'homedir').mockImplementation(() => {
      throw Object.assign(new Error('uv_os_homedir returned ENOENT'), { code: 'ERR_SYSTEM_ERROR' });
    });
    expect(findConfigFile(path.join(dir, 'a/b'))).toBe(path.join(dir, 'staticfiles.config.json'));
  });
});
