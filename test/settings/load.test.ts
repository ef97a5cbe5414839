import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadSettings } from '../../src/settings/load.js';
import { readTree } from '../support/tree.js';
import { newFolder } from './folder.js';
import { problemLines, rejection } from './rejection.js';

describe('loadSettings', () => {
  it('resolves the paths of the file from its folder', async () => {
    const dir = newFolder({
      'staticfiles.config.json': '{"staticRoot": "out", "cacheDir": "cache", "staticfilesDirs": ["a"]}',
      'a/x': '',
      'sub/x': '',
    });
    const settings = await loadSettings({ cwd: path.join(dir, 'sub'), env: {} });
    expect(settings).toMatchObject({
      baseDir: dir,
      staticRoot: path.join(dir, 'out'),
      cacheDir: path.join(dir, 'cache'),
      warnings: [],
    });
    expect(settings.finders[0]!.roots()).toMatchObject([{ dir: path.join(dir, 'a') }]);
  });

  it.each<[used: string, ignored: readonly string[], others: Record<string, string>]>([
    ['staticfiles.config.json', ['package.json'], { 'package.json': '{"staticfiles": {"staticRoot": "x"}}' }],
    ['staticfiles.config.json', ['staticfiles.config.jsonc'], { 'staticfiles.config.jsonc': '{' }],
    [
      'staticfiles.config.mjs',
      ['staticfiles.config.cjs', 'staticfiles.config.json'],
      { 'staticfiles.config.mjs': 'export default {}', 'staticfiles.config.cjs': 'throw 1' },
    ],
    ['staticfiles.config.json', [], { 'package.json': '{"name": "x"}' }],
    [
      'staticfiles.config.json',
      [],
      { 'staticfiles.config.json': '{"installedApps": []}', 'package.json': '{"name":' },
    ],
  ])('uses %s, and warns of %j beside it', async (used, ignored, others) => {
    const dir = newFolder({ 'staticfiles.config.json': '{}', 'sub/x': '', ...others });
    const { warnings, settingsFile } = await loadSettings({ cwd: dir, env: {} });
    expect(settingsFile).toBe(used);
    expect(warnings).toEqual(
      ignored.map((other) => ({
        code: 'W025',
        message: `${used}: it is used, and the settings in '${other}' are not. Keep your settings in one of them. (staticfiles.W025)`,
      })),
    );
    const file = path.join(dir, used);
    expect((await loadSettings({ cwd: dir, file, env: {} })).warnings).toEqual([]);
  });

  it('reads a given file without a search', async () => {
    const dir = newFolder({
      'staticfiles.config.json': '{"staticRoot": "found"}',
      'conf/prod.mjs': 'export default { staticRoot: "named" };',
    });
    const settings = await loadSettings({ cwd: dir, file: 'conf/prod.mjs', env: {} });
    expect(settings).toMatchObject({
      baseDir: path.join(dir, 'conf'),
      staticRoot: path.join(dir, 'conf/named'),
    });
  });

  it('resolves the paths of environment and overrides from the current folder', async () => {
    const dir = newFolder({
      'staticfiles.config.json': '{"staticRoot": "file", "staticUrl": "/file/"}',
      'sub/x': '',
    });
    const cwd = path.join(dir, 'sub');
    const env = { STATIC_ROOT: 'env', STATIC_URL: '/env/' };
    expect(await loadSettings({ cwd, env })).toMatchObject({
      staticRoot: path.join(cwd, 'env'),
      staticUrl: '/env/',
    });
    const overrides = { staticRoot: 'flag', staticUrl: 'https://cdn.example.com/s/', cacheDir: 'cache' };
    expect(await loadSettings({ cwd, env, overrides })).toMatchObject({
      staticRoot: path.join(cwd, 'flag'),
      staticUrl: 'https://cdn.example.com/s/',
      cacheDir: path.join(cwd, 'cache'),
    });
  });

  it.each([
    [{ location: 'elsewhere' }, { staticRoot: 'flag' }, ['W024']],
    [{ location: 'elsewhere' }, {}, []],
    [{}, { staticRoot: 'flag' }, []],
  ])('warns if a folder given for this run is not used: %j %j', async (options, overrides, codes) => {
    const storages = { staticfiles: { options } };
    const cwd = newFolder({ 'staticfiles.config.json': JSON.stringify({ storages }) });
    const { warnings } = await loadSettings({ cwd, env: { STATIC_ROOT: 'env' }, overrides });
    expect(warnings.map(({ code }) => code)).toEqual(codes);
  });

  it('names the origin of a wrong value', async () => {
    const cwd = newFolder({ 'package.json': '{}', file: '' });
    const ofEnvironment = await rejection(
      loadSettings({ cwd, env: { STATIC_URL: 'x', STATIC_ROOT: 'file' } }),
    );
    expect(problemLines(ofEnvironment)).toEqual([
      expect.stringMatching(/^E010 staticUrl: expected a path such as/),
      expect.stringMatching(/^E013 staticRoot: cannot publish to/),
    ]);
    expect(ofEnvironment.message).toContain('\n  STATIC_URL: expected a path such as');
    expect(ofEnvironment.message).toContain('\n  STATIC_ROOT: cannot publish to');
    const ofFlags = await rejection(
      loadSettings({ cwd, env: {}, overrides: { staticRoot: '.', staticUrl: '' } }),
    );
    expect(problemLines(ofFlags)).toEqual([
      "E007 staticUrl: expected a string that is not empty, got ''.",
      expect.stringMatching(/^E014 staticRoot: /),
    ]);
    expect(ofFlags.message).toContain('\n  staticRoot (given for this run): ');
  });

  it('falls back on the defaults of the nearest package', async () => {
    const dir = newFolder({ 'package.json': '{}', 'static/x': '', 'src/deep/x': '' });
    const settings = await loadSettings({ cwd: path.join(dir, 'src/deep'), env: {} });
    expect(settings).toMatchObject({ baseDir: dir, staticRoot: path.join(dir, 'staticfiles') });
    expect(settings.finders[0]!.roots()).toMatchObject([{ dir: path.join(dir, 'static') }]);
  });

  it('creates nothing', async () => {
    const dir = newFolder({
      'package.json': '{}',
      'node_modules/x/y': '',
      'staticfiles.config.ts': 'const root: string = "out";\nexport default { staticRoot: root };',
    });
    const before = readTree(dir);
    const settings = await loadSettings({ cwd: dir, env: {} });
    expect(settings.staticRoot).toBe(path.join(dir, 'out'));
    expect(readTree(dir)).toEqual(before);
    expect(fs.existsSync(settings.cacheDir)).toBe(false);
  });

  it('finds the project of the current folder by default', async () => {
    expect((await loadSettings()).baseDir).toBe(path.resolve(import.meta.dirname, '../..'));
  });
});
