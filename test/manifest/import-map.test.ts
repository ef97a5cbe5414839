import fs from 'node:fs';
import { describe, expect, it } from 'vitest';
import { makeImportMap, unresolvedText } from '../../src/manifest/import-map.js';
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
  output('app/js/d.png', 'app/js/d.1.png'),
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
      'app/c.css': 'https://cdn.example/s/app/js/c.1.css',
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
  ['lit', undefined],
  ['cdn/x.js', undefined],
  ['app/a.js', undefined],
  ['lit/decorators.js', "No entry of importmap covers 'lit/decorators.js', which 'x.js' and 1 more imports."],
  ['app', "No entry of importmap covers 'app', which 'x.js' and 1 more imports."],
  [
    'app/b.js',
    "importmap.entries['app/'] has no module 'js/b.js' for 'app/b.js', which 'x.js' and 1 more imports. Did you mean 'app/a.js'?",
  ],
])('browsers resolve %s, or else: %s', (specifier, message) => {
  const entries = { lit: 'lit.js', 'app/': 'js/', 'cdn/': 'https://cdn.example.com/' };
  const imports = { lit: '/lit.1.js', 'app/a.js': '/js/a.1.js', 'cdn/': 'https://cdn.example.com/' };
  expect(unresolvedText({ imports, integrity: {} }, entries, specifier, ['x.js', 'y.js'])).toBe(message);
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

  it('maps style sheets and JSON below a folder, and warns about specifiers without a file', async () => {
    const made = project({ entries: { 'app/': 'js/' } });
    made.write({
      'static/js/a.js': `
        import sheet from 'app/s.css' with { type: 'css' };
        import('app/deep/d.json', { with: { type: 'json' } });
        import 'app/bb.js'; import 'app/page.html'`,
      'static/js/s.css': '',
      'static/js/deep/d.json': '{}',
      'static/js/page.html': '',
      'static/js/b.js': '',
    });
    expect((await collect(made)).stderr).toBe(
      [
        "Warning: importmap.entries['app/'] has no module 'js/bb.js' for 'app/bb.js', which 'js/a.js' imports. Did you mean 'app/b.js'?\n",
        "Warning: importmap.entries['app/'] has no module 'js/page.html' for 'app/page.html', which 'js/a.js' imports.\n",
      ].join(''),
    );
    const { paths, importmap } = read(made, 'staticfiles.json');
    expect(importmap.imports).toEqual({
      'app/a.js': `/static/${paths['js/a.js']}`,
      'app/b.js': `/static/${paths['js/b.js']}`,
      'app/deep/d.json': `/static/${paths['js/deep/d.json']}`,
      'app/s.css': `/static/${paths['js/s.css']}`,
    });
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
