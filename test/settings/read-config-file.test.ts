import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { readConfigFile } from '../../src/settings/config-file.js';
import { newFolder } from './folder.js';
import { rejection } from './problems.js';

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
  ])('%s: %s', async (name, text, type) => {
    expect(await readConfigFile(newFile(name, text, type))).toEqual({ staticRoot: 'out' });
  });

  it('the key staticfiles of package.json', async () => {
    const dir = newFolder({ 'package.json': '{"name": "x", "staticfiles": {"staticRoot": "out"}}' });
    expect(await readConfigFile(path.join(dir, 'package.json'))).toEqual({ staticRoot: 'out' });
  });

  it('what a TypeScript file imports from beside it', async () => {
    const dir = newFolder({
      'c.ts': 'import { root } from "./root.ts";\nexport default { staticRoot: root };',
      'root.ts': 'export const root: string = "out";',
    });
    expect(await readConfigFile(path.join(dir, 'c.ts'))).toEqual({ staticRoot: 'out' });
  });
});

describe('refuses, naming the file', () => {
  it.each([
    ['c.json', '[1]', 'must hold an object.'],
    ['c.json', '{"a"', ':1:5: invalid JSON: '],
    [
      'c.mjs',
      'export const staticRoot = "out";',
      'must have an object with the settings as its default export.',
    ],
    [
      'c.ts',
      'export const staticRoot = "out";',
      'must have an object with the settings as its default export.',
    ],
    ['c.mjs', '', 'must have an object with the settings as its default export.'],
    ['c.mjs', 'export default () => ({});', 'exports a function; export the settings object itself.'],
    ['c.ts', 'export default async () => ({});', 'exports a function; export the settings object itself.'],
    ['c.ts', 'export default {\n  a 1 };', 'c.ts:2:'],
    ['c.mjs', 'throw new Error("boom");', 'Error: boom'],
    ['c.ts', 'throw new Error("boom");', 'Error: boom'],
    ['c.mjs', 'export default Promise.reject(new Error("boom"));', 'Error: boom'],
    ['c.mjs', 'import "no-such-package";\nexport default {};', "Cannot find package 'no-such-package'"],
    ['c.ts', 'import x from "no-such-package";\nexport default x;', "Cannot find module 'no-such-package'"],
    ['c.yaml', 'staticRoot: out', 'must have one of the endings .ts, .mts, .js, .mjs, .cjs, .json.'],
    ['package.json', '{}', "must have an object under the key 'staticfiles'."],
  ])('%s: %s', async (name, text, words) => {
    const file = path.join(newFolder({ [name]: text }), name);
    const { code, message } = await rejection(readConfigFile(file));
    expect(code).toBe('settings');
    expect(message).toContain(file);
    expect(message).toContain(words);
    expect(message).not.toContain('\n');
  });

  it.each(['c.json', 'c.mjs', 'c.ts'])('a missing %s', async (name) => {
    const file = path.join(newFolder(), name);
    const { code, message } = await rejection(readConfigFile(file));
    expect(code).toBe('settings');
    expect(message).toBe(`Cannot read the settings file '${file}': no such file or directory.`);
  });

  it('a folder', async () => {
    const dir = newFolder();
    const { message } = await rejection(readConfigFile(dir));
    expect(message).toBe(`Cannot read the settings file '${dir}': it is a directory.`);
  });
});
