import fs from 'node:fs';
import { describe, expect, it } from 'vitest';
import { covers, makeImportMap } from '../../src/manifest/import-map.js';
import type { Output } from '../../src/model/output.js';
import { collect } from '../support/command.js';
import { newProject, SETTINGS } from '../support/project.js';

const integrity = (name: string) => `sha384-${name}`;

const output = (logicalPath: string, publicPath: string): Output => ({
  logicalPath,
  publicPath,
  body: { kind: 'bytes', bytes: Buffer.from('') },
  content: { hash: '', size: 0, integrity: integrity(publicPath) },
});

const outputs = [
  output('three/build/three.module.js', 'three/build/three.module.js'),
  output('three/build/three.module.js', 'three/build/three.module.1.js'),
  output('app/js/a.js', 'app/js/a.1.js'),
  output('app/js/deep/b @2#.mjs', 'app/js/deep/b @2#.1.mjs'),
  output('app/js/c.css', 'app/js/c.1.css'),
];

describe('makeImportMap', () => {
  it('maps specifiers to the published URLs, and these to their integrity', () => {
    const map = makeImportMap({ three: 'three/build/three.module.js' }, outputs, '/static/');
    const url = '/static/three/build/three.module.1.js';
    expect(map).toEqual({
      imports: { three: url },
      integrity: { [url]: integrity('three/build/three.module.1.js') },
    });
  });

  it('has no integrity for a name without a fingerprint, since the next deploy may publish other bytes', () => {
    const fixed = [...outputs, output('lit.js', 'lit.js')];
    const map = makeImportMap({ lit: 'lit.js', a: 'app/js/a.js' }, fixed, '/static/');
    expect(map.imports).toEqual({ lit: '/static/lit.js', a: '/static/app/js/a.1.js' });
    expect(Object.keys(map.integrity)).toEqual(['/static/app/js/a.1.js']);
  });

  it('expands a folder to the modules below it, with escaped URLs', () => {
    const { imports } = makeImportMap({ 'app/': 'app/js/' }, outputs, 'https://cdn.example/s/');
    expect(imports).toEqual({
      'app/a.js': 'https://cdn.example/s/app/js/a.1.js',
      'app/deep/b @2#.mjs': 'https://cdn.example/s/app/js/deep/b%20@2%23.1.mjs',
    });
  });

  it('leaves full URLs alone', () => {
    const entries = { preact: 'https://esm.sh/preact', 'x/': '//cdn.example/x/' };
    expect(makeImportMap(entries, outputs, '/static/')).toEqual({ imports: entries, integrity: {} });
  });

  it.each([
    [
      { three: 'three/build/three.modul.js' },
      "static file 'three/build/three.modul.js' not found. Did you mean 'three/",
    ],
    [{ 'app/': 'ap/js/' }, "importmap.entries['app/']: 'ap/js/' contains no module."],
  ])('rejects %j', (entries, message) => {
    expect(() => makeImportMap(entries, outputs, '/static/')).toThrow(message);
  });
});

it.each([
  ['lit', true],
  ['lit/decorators.js', false],
  ['app/x/y.js', true],
  ['app', false],
])('covers %s: %s', (specifier, covered) => {
  expect(covers({ lit: 'lit.js', 'app/': 'js/' }, specifier)).toBe(covered);
});

describe('the setting importmap', () => {
  const TREE = {
    'static/js/a.js': 'import "lit"; import "./b.js"; import "app/b.js"; import "gone"',
    'static/js/b.js': 'import "gone"; export {}',
    'static/lit.js': 'export {}',
  };
  const project = (importmap: object, settings: object = { postProcess: ['fingerprint'] }) =>
    newProject(TREE, { ...SETTINGS, ...settings, importmap });
  const read = (made: ReturnType<typeof project>, name: string) =>
    JSON.parse(fs.readFileSync(made.path('root', name), 'utf8'));

  it('adds the import map to the manifest and to a file, and warns about missing entries', async () => {
    const made = project({ entries: { lit: 'lit.js', 'app/': 'js/' }, file: 'maps/importmap.json' });
    const { exit, stderr } = await collect(made);
    expect(exit).toBe(0);
    expect(stderr).toBe(
      "Warning: No entry of importmap covers 'gone', which 'js/a.js' and 1 more imports.\n",
    );
    const { paths, importmap } = read(made, 'staticfiles.json');
    expect(Object.keys(paths)).toEqual(['js/a.js', 'js/b.js', 'lit.js']);
    expect(importmap.imports).toEqual({
      lit: `/static/${paths['lit.js']}`,
      'app/a.js': `/static/${paths['js/a.js']}`,
      'app/b.js': `/static/${paths['js/b.js']}`,
    });
    const { files } = read(made, 'staticfiles.details.json');
    for (const [url, value] of Object.entries(importmap.integrity)) {
      expect(files[url.slice('/static/'.length)].integrity).toBe(value);
    }
    expect(read(made, 'maps/importmap.json')).toEqual(importmap);
    expect((await collect(made)).stdout).toMatch(/: \d+ unmodified · /);
  });

  it('works without processors', async () => {
    const made = project({ entries: { lit: 'lit.js' } }, {});
    expect(await collect(made)).toMatchObject({ exit: 0, stderr: '' });
    expect(read(made, 'staticfiles.json').importmap.imports).toEqual({ lit: '/static/lit.js' });
  });

  it.each([
    [{ entries: { lit: 'light.js' } }, "importmap.entries['lit']: static file 'light.js' not found."],
    [{ entries: { 'app/': 'js' } }, "has a target that ends in '/'"],
    [{ entries: { lit: 1 } }, 'a logical path or URL'],
    [{ entries: [] }, 'an object of logical paths by specifier'],
    [{ entries: {}, file: '../x.json' }, 'a path below the static root'],
    [{ entries: {}, file: 'lit.js' }, 'a path below the static root that ends in .json'],
    [{ file: 'x.json' }, 'importmap.entries'],
    [{ entries: {}, files: 'x.json' }, "Did you mean 'file'?"],
  ])('%j is an error, and nothing is published', async (importmap, message) => {
    const made = project(importmap);
    const { exit, stderr } = await collect(made);
    expect([exit, stderr]).toEqual([1, expect.stringContaining(message)]);
    expect(fs.existsSync(made.path('root'))).toBe(false);
  });

  it('rejects a file name that a static file already has', async () => {
    const made = project({ entries: {}, file: 'map.json' });
    made.write({ 'static/map.json': '{}' });
    expect((await collect(made)).stderr).toContain("the path 'map.json' is reserved for the import map");
  });
});
