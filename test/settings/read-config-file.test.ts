import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { readConfigFile as read } from '../../src/settings/config-file.js';
import { newFolder } from './folder.js';
import { rejection } from './rejection.js';

const readConfigFile = (file: string) =>
  read(file, { command: 'collectstatic', env: { ROOT: 'out' }, cwd: path.dirname(file) });

/** A file of that name in a package of that type. */
function newFile(name: string, text: string, type = 'commonjs'): string {
  return path.join(newFolder({ [name]: text, 'package.json': `{"type": "${type}"}` }), name);
}

describe('reads', () => {
  it.each([
    ['c.json', '{"staticRoot": "out"}', ''],
    ['c.mjs', 'export default { staticRoot: "out" };', ''],
    ['c.js', 'export default { staticRoot: "out" };', 'module'],
    ['c.js', 'module.exports = { staticRoot: "out" };', 'commonjs'],
    ['c.cjs', 'module.exports = { staticRoot: "out" };', 'module'],
    ['c.cjs', 'exports.__esModule = true; exports.default = { staticRoot: "out" };', ''],
    ['c.ts', 'const settings: { staticRoot: string } = { staticRoot: "out" };\nexport default settings;', ''],
    ['c.mts', 'export default { staticRoot: "out" } satisfies object;', 'module'],
    ['c.mjs', 'export default Promise.resolve({ staticRoot: "out" });', ''],
    ['c.mjs', 'export default ({ env }) => ({ staticRoot: env.ROOT });', ''],
    [
      'c.ts',
      'export default async ({ command }) => command === "collectstatic" && { staticRoot: "out" };',
      '',
    ],
    ['c.cjs', 'module.exports = () => ({ staticRoot: "out" });', ''],
    ['c.json', '\uFEFF{"staticRoot": "out"}', ''],
    ['c.json', '{\n  // Served by nginx.\n  "staticRoot": "out", /* one */\n}', ''],
    ['c.jsonc', '{ "staticRoot": "out", }', ''],
  ])('%s: %s', async (name, text, type) => {
    expect(await readConfigFile(newFile(name, text, type))).toEqual({ staticRoot: 'out' });
  });

  it('the key staticfiles of package.json', async () => {
    const dir = newFolder({ 'package.json': '{"name": "x", "staticfiles": {"staticRoot": "out"}}' });
    expect(await readConfigFile(path.join(dir, 'package.json'))).toEqual({ staticRoot: 'out' });
  });

  it('a TypeScript file that imports another one', async () => {
    const dir = newFolder({
      'c.ts': 'import { root } from "./root.ts";\nexport default { staticRoot: root };',
      'root.ts': 'export const root: string = "out";',
    });
    expect(await readConfigFile(path.join(dir, 'c.ts'))).toEqual({ staticRoot: 'out' });
  });
});

describe('refuses, naming the file', () => {
  it.each([
    ['c.json', '[1]', ': the value must be an object.'],
    ['c.json', '{"a"', ':1:5: invalid JSON: expected a colon.'],
    ['c.json', '', ':1:1: invalid JSON: expected a value.'],
    ['c.json', '{\n  "a": 1\n  "b": 2\n}', ':3:3: invalid JSON: expected a comma.'],
    ['c.jsonc', '{\n  a: 1 }', ':2:3: invalid JSON: '],
    ['package.json', '{ "staticfiles": {} // }', ':1:21: invalid JSON: '],
    ['package.json', '{ "staticfiles": {}, }', ':1:22: invalid JSON: '],
    [
      'c.mjs',
      'export const staticRoot = "out";',
      ': the default export must be an object with the settings, or a function that returns one.',
    ],
    [
      'c.ts',
      'export const staticRoot = "out";',
      ': the default export must be an object with the settings, or a function that returns one.',
    ],
    [
      'c.mjs',
      '',
      ': the default export must be an object with the settings, or a function that returns one.',
    ],
    ['c.mjs', 'export default () => 1;', ': the settings function must return an object.'],
    ['c.ts', 'export default async () => {};', ': the settings function must return an object.'],
    [
      'c.mjs',
      'export default () => { throw new Error("boom"); };',
      ': the settings function failed: Error: boom',
    ],
    ['c.ts', 'export default {\n  a 1 };', 'c.ts:2:'],
    ['c.mjs', 'throw new Error("boom");', 'Error: boom'],
    ['c.ts', 'throw new Error("boom");', 'Error: boom'],
    ['c.mjs', 'export default Promise.reject(new Error("boom"));', 'Error: boom'],
    ['c.mjs', 'import "no-such-package";\nexport default {};', "Cannot find package 'no-such-package'"],
    ['c.ts', 'import x from "no-such-package";\nexport default x;', "Cannot find module 'no-such-package'"],
    [
      'c.yaml',
      'staticRoot: out',
      ': a settings file must end in one of .ts, .mts, .js, .mjs, .cjs, .json, .jsonc.',
    ],
    ['package.json', '{}', ": the key 'staticfiles' must be an object."],
  ])('%s: %s', async (name, text, words) => {
    const file = path.join(newFolder({ [name]: text }), name);
    const { code, message } = await rejection(readConfigFile(file));
    expect(code).toBe('settings');
    expect(message.startsWith(`${name}:`)).toBe(true);
    expect(message).toContain(words);
    expect(message).not.toContain('\n');
  });

  it.each(['c.json', 'c.mjs', 'c.ts'])('a missing %s', async (name) => {
    const file = path.join(newFolder(), name);
    const { code, message } = await rejection(readConfigFile(file));
    expect(code).toBe('settings');
    expect(message).toBe(`${name}: cannot read it: no such file or directory.`);
  });

  it('a folder', async () => {
    const dir = newFolder();
    const { message } = await rejection(readConfigFile(dir));
    expect(message).toBe(`${path.basename(dir)}: cannot read it: it is a directory.`);
  });
});

it('names a file that is not below the current folder by its whole path', async () => {
  const file = newFile('c.json', '[');
  const { message } = await rejection(read(file, { command: undefined, env: {}, cwd: newFolder() }));
  expect(message.startsWith(`${file}:1:2: `)).toBe(true);
});
