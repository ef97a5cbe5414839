import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { findConfigFile } from '../../../src/settings/config-file/find-config-file.js';
import { newFolder } from '../folder.js';
import { rejection } from '../problems.js';

describe('findConfigFile', () => {
  it.each(['ts', 'mts', 'js', 'mjs', 'cjs', 'json'])('finds staticfiles.config.%s', async (extension) => {
    const name = `staticfiles.config.${extension}`;
    const dir = newFolder({ [name]: '{}' });
    expect(await findConfigFile(dir)).toBe(path.join(dir, name));
  });

  it('finds an empty file, so that it can be complained of', async () => {
    const dir = newFolder({ 'staticfiles.config.mjs': '' });
    expect(await findConfigFile(dir)).toBe(path.join(dir, 'staticfiles.config.mjs'));
  });

  it('finds package.json where it has the key, and passes over one that has not', async () => {
    const dir = newFolder({
      'package.json': '{"staticfiles": {}}',
      'a/package.json': '{"name": "a"}',
      'a/b/package.json': '"odd"',
    });
    expect(await findConfigFile(path.join(dir, 'a/b'))).toBe(path.join(dir, 'package.json'));
  });

  it('takes the nearest folder, and in it a config file before package.json', async () => {
    const dir = newFolder({
      'staticfiles.config.ts': '',
      'app/package.json': '{"staticfiles": {}}',
      'app/staticfiles.config.json': '{}',
      'app/src/x.txt': '',
    });
    expect(await findConfigFile(path.join(dir, 'app/src'))).toBe(
      path.join(dir, 'app/staticfiles.config.json'),
    );
  });

  it('does not run modules', async () => {
    const dir = newFolder({ 'staticfiles.config.mjs': 'throw new Error("was run")' });
    expect(await findConfigFile(dir)).toBe(path.join(dir, 'staticfiles.config.mjs'));
  });

  it('names a package.json that is no JSON', async () => {
    const dir = newFolder({ 'package.json': '{"a": 1,}' });
    const { code, message } = await rejection(findConfigFile(dir));
    expect(code).toBe('settings');
    expect(message).toContain(`'${path.join(dir, 'package.json')}' is no valid JSON: `);
  });

  it('names the folder where a config file is a folder', async () => {
    const dir = newFolder({ 'staticfiles.config.json': { folder: true } });
    expect((await rejection(findConfigFile(dir))).message).toBe(
      `Cannot read the settings file '${dir}': it is a directory.`,
    );
  });
});
