import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { StaticFilesError } from '../../src/errors.js';
import { makePlugin } from '../../src/plugins/load-plugin.js';
import type { PluginContext, PluginFamily } from '../../src/plugins/plugin.js';
import { newFolder } from '../settings/folder.js';
import { rejection } from '../settings/rejection.js';

/** A plug-in that shows how it was made. */
interface Greeter {
  readonly name: string;
  greet(): unknown;
}

const greeters: PluginFamily<Greeter> = {
  noun: 'greeter',
  builtIns: {
    friendly: (options) => ({ name: 'friendly', greet: () => options }),
    strict: () => {
      throw new StaticFilesError('settings', 'No such option.');
    },
  },
  methods: ['greet'],
};

const CODE =
  'export default (options, context) => ({ name: "mine", greet: () => [options, context.baseDir] });';

function contextOf(baseDir: string): PluginContext {
  return {
    baseDir,
    staticRoot: path.join(baseDir, 'out'),
    staticUrl: '/static/',
    cacheDir: path.join(baseDir, 'cache'),
  };
}

function make(plugin: string | Greeter, baseDir: string, options?: Record<string, unknown>) {
  return makePlugin(
    { plugin, ...(options && { options }), setting: 'greeters[0]' },
    greeters,
    contextOf(baseDir),
  );
}

describe('a plug-in', () => {
  it('may be built in', async () => {
    expect((await make('friendly', newFolder(), { a: 1 })).greet()).toEqual({ a: 1 });
  });

  it('may be an object, which is used unchanged', async () => {
    const value = { name: 'value', greet: () => 'hello' };
    expect(await make(value, newFolder())).toBe(value);
  });

  it.each([
    ['./g.js', { 'package.json': '{"type": "module"}', 'g.js': CODE }],
    ['./deep/g.mjs', { 'deep/g.mjs': CODE }],
    ['./g.cjs', { 'g.cjs': CODE.replace('export default', 'module.exports =') }],
    [
      './g.ts',
      { 'g.ts': CODE.replace('(options, context)', '(options: object, context: { baseDir: string })') },
    ],
    ['./async.mjs', { 'async.mjs': CODE.replace('(options, context)', 'async (options, context)') }],
  ])('may be the module %s', async (name, tree) => {
    const dir = newFolder(tree);
    expect((await make(name, dir, { a: 1 })).greet()).toEqual([{ a: 1 }, dir]);
  });

  it('may be a module outside of the project', async () => {
    const dir = newFolder({ 'project/x': '', 'g.mjs': CODE });
    const project = path.join(dir, 'project');
    expect((await make('../g.mjs', project)).greet()).toEqual([{}, project]);
    expect((await make(path.join(dir, 'g.mjs'), project)).greet()).toEqual([{}, project]);
  });

  it.each([
    ['a package', 'pack', { 'package.json': '{"name": "pack", "type": "module", "main": "g.js"}' }],
    [
      'a package for import only',
      'pack',
      { 'package.json': '{"type": "module", "exports": {"import": "./g.js"}}' },
    ],
    [
      'a package’s export',
      'pack/sub',
      { 'package.json': '{"type": "module", "exports": {"./sub": "./g.js"}}' },
    ],
    ['a package’s file', 'pack/g.js', { 'package.json': '{"type": "module"}' }],
  ])('may be %s', async (_, name, tree) => {
    const entries = Object.entries({ 'g.js': CODE, ...tree });
    const dir = newFolder(
      Object.fromEntries(entries.map(([file, text]) => [`node_modules/pack/${file}`, text])),
    );
    expect((await make(name, dir)).greet()).toEqual([{}, dir]);
  });

  it('may be in a package of a parent folder, or with a scope', async () => {
    const dir = newFolder({
      'node_modules/@a/b/package.json': '{"type": "module", "exports": "./g.js"}',
      'node_modules/@a/b/g.js': CODE,
      'project/x': '',
    });
    expect((await make('@a/b', path.join(dir, 'project'))).name).toBe('mine');
  });

  it('of a package is the one for import if it exports two', async () => {
    const dir = newFolder({
      'node_modules/pack/package.json': '{"exports": {"require": "./r.cjs", "import": "./i.mjs"}}',
      'node_modules/pack/i.mjs': CODE,
      'node_modules/pack/r.cjs': 'throw new Error("made for require");',
    });
    expect((await make('pack', dir)).name).toBe('mine');
  });
});

describe('an error', () => {
  /** What is named, what there is, and what the message says. `{dir}` is the project. */
  const wrong: [string, Record<string, string>, string][] = [
    ['./none.js', {}, "was not found: there is no file '{dir}/none.js'."],
    ['./folder', { 'folder/index.js': '' }, "was not found: there is no file '{dir}/folder'."],
    ['none', {}, "was not found from '{dir}': no built-in greeter and no package has that name."],
    ['Freindly', {}, "no built-in greeter and no package has that name. Did you mean 'friendly'?"],
    ['constructor', {}, 'no built-in greeter and no package has that name.'],
    [
      'pack/sub',
      { 'node_modules/pack/package.json': '{"exports": {".": "./g.js"}}' },
      "was not found from '{dir}': Error: Package subpath './sub' is not defined",
    ],
    ['./g.mjs', { 'g.mjs': 'import "none";' }, "cannot be loaded: Error: Cannot find package 'none'"],
    ['./g.mjs', { 'g.mjs': 'throw new Error("boom");' }, 'cannot be loaded: Error: boom'],
    ['./g.ts', { 'g.ts': 'throw new Error("boom");' }, 'cannot be loaded: Error: boom'],
    ['./g.mjs', { 'g.mjs': 'export default {};' }, 'must export by default a function (options, context)'],
    ['./g.mjs', { 'g.mjs': 'export const greet = 1;' }, 'that makes the greeter.'],
    ['./g.mjs', { 'g.mjs': 'export default () => {};' }, 'must be an object, not undefined.'],
    ['./g.mjs', { 'g.mjs': 'export default () => null;' }, 'must be an object, not null.'],
    [
      './g.mjs',
      { 'g.mjs': 'export default () => ({ name: "g" });' },
      'must have the methods greet; it lacks greet.',
    ],
    ['./g.mjs', { 'g.mjs': 'export default () => ({ name: "g", greet: 1 });' }, 'it lacks greet.'],
    ['./g.mjs', { 'g.mjs': 'export default () => ({ greet() {} });' }, 'must have a name'],
    ['./g.mjs', { 'g.mjs': 'export default () => { throw new Error("boom"); };' }, 'failed: boom'],
    ['./g.mjs', { 'g.mjs': 'export default async () => { throw new Error("boom"); };' }, 'failed: boom'],
  ];

  it.each(wrong)('about %s in %j', async (name, tree, words) => {
    const dir = newFolder(tree);
    const { code, message } = await rejection(make(name, dir));
    expect(code).toBe('plugin');
    expect(message).toContain(`The greeter '${name}' (greeters[0]) `);
    expect(message).toContain(words.replaceAll('{dir}', dir));
    expect(message).not.toContain('\n');
  });

  it('about an object names its key', async () => {
    const value = { name: 'value' } as Greeter;
    expect((await rejection(make(value, newFolder()))).message).toBe(
      'The greeter in greeters[0] must have the methods greet; it lacks greet.',
    );
  });

  it('of a factory is thrown unchanged if it is a StaticFilesError', async () => {
    const { code, message } = await rejection(make('strict', newFolder()));
    expect({ code, message }).toEqual({ code: 'settings', message: 'No such option.' });
  });
});
