import fs from 'node:fs';
import { describe, expect, it, vi } from 'vitest';
import { collectTree } from './collect-tree.js';

const TREE = {
  'static/js/app.js':
    'new Worker("worker.js"); fetch("/static/data/list.json"); import "./lib.js"; f("none.js")',
  'static/js/lib.js': 'navigator.serviceWorker.register("../sw.js?v=1"); importScripts("js/worker.js")',
  'static/js/worker.js': 'WebAssembly.instantiateStreaming(fetch("calc.wasm")); f("worker.js")',
  'static/js/wasm/calc.wasm': '',
  'static/sw.js': 'const files = ["js/app.js", "robots.txt"]',
  'static/robots.txt': '',
  'static/data/list.json': '{"image":"../img/a.png"}',
  'static/img/a.png': '',
  'static/live.m3u8': '#EXTM3U\nvideo/1.ts\n',
  'static/video/1.ts': '',
  'static/scene/s.gltf': '{"buffers":[{"uri":"mesh.bin"}]}',
  'static/scene/mesh.bin': 'mesh',
};

const POSSIBLE = [
  'data/list.json:1:11 json-string ../img/a.png → img/a.png',
  'js/app.js:1:13 js-string worker.js → js/worker.js',
  'js/app.js:1:33 js-string /static/data/list.json → data/list.json',
  'js/lib.js:1:35 js-string ../sw.js?v=1 → sw.js',
  'js/lib.js:1:66 js-string js/worker.js → js/worker.js',
  'js/worker.js:1:41 js-string calc.wasm → js/wasm/calc.wasm',
  'live.m3u8:2:1 playlist-uri video/1.ts → video/1.ts',
  'scene/s.gltf:1:21 json-string mesh.bin → scene/mesh.bin',
  'sw.js:1:17 js-string js/app.js → js/app.js',
];

function possibleIn({ references }: Awaited<ReturnType<typeof collectTree>>): string[] {
  return references
    .filter(({ status }) => status === 'possible')
    .map(
      ({ file, line, column, kind, text, target }) => `${file}:${line}:${column} ${kind} ${text} → ${target}`,
    );
}

const OPTIONS = { exclude: ['robots.txt'] };

describe('strings that name files', () => {
  it('are listed if they are asked for, with the files that they name', async () => {
    const collected = await collectTree(TREE, { options: OPTIONS, run: { possibleReferences: true } });
    expect(possibleIn(collected)).toEqual(POSSIBLE);
    expect(collected.warnings).toEqual([]);
  });

  it('are one warning if plain names are not published, with the files that have most of them', async () => {
    const collected = await collectTree(TREE, { options: { ...OPTIONS, originals: false } });
    expect(possibleIn(collected)).toEqual(POSSIBLE);
    expect(collected.warnings).toMatchObject([
      {
        code: 'possible-reference',
        message: expect.stringMatching(
          /^9 strings name files that will be published under another name only \(originals: false\), in 'js\/app\.js' \(2\), 'js\/lib\.js' \(2\), '[^']+' \(1\) and 4 more\. To list them, run with --references FILE/,
        ),
      },
    ]);
  });

  it('are silent once the files that they name are excluded', async () => {
    const exclude = ['**/*.{js,json,png,wasm,bin,ts}', 'robots.txt'];
    const { warnings } = await collectTree(TREE, { options: { exclude, originals: false } });
    expect(warnings).toEqual([]);
  });

  it('cost nothing unless they are asked for', async () => {
    const { again, references } = await collectTree(TREE);
    expect(references.filter(({ status }) => status === 'possible')).toEqual([]);
    const read = vi.spyOn(fs, 'openSync');
    await again();
    const reads = (extension: string) =>
      read.mock.calls.filter(([file]) => /\/scene\//.test(String(file)) && String(file).endsWith(extension))
        .length;
    // Young files are read to compare them, whatever is in them.
    expect(reads('.gltf')).toBe(reads('.bin'));
    read.mockRestore();
  });

  it('are the same in a second run, and follow an edit', async () => {
    const collected = await collectTree(TREE, { options: { ...OPTIONS, originals: false } });
    const [before] = collected.warnings;
    await collected.again();
    expect(possibleIn(collected)).toEqual(POSSIBLE);
    expect(collected.warnings).toEqual([before]);
    collected.project.write({ 'static/js/app.js': 'import "./lib.js"' });
    await collected.again();
    expect(possibleIn(collected)).toEqual(POSSIBLE.filter((line) => !line.startsWith('js/app.js')));
  });
});

describe('a string does not count', () => {
  it.each([
    ['without a file of that name', 'f("gone.png")', 'x.png'],
    ['in a folder that only the script above it has', 'f("x.js")', 'deep/x.js'],
    ['with several files of that name', 'f("x.png")', 'a/x.png', 'b/x.png'],
    ['on another host', 'f("https://cdn.test/x.js")', 'x.js'],
    ['outside of the static URL', 'f("/x.js")', 'x.js'],
    ['for a type that browsers do not load', 'f("x.ts", "x.md", "x.js.map")', 'x.ts', 'x.md', 'x.js.map'],
  ])('%s', async (_, script, ...others) => {
    const files = Object.fromEntries(others.map((name) => [`static/${name}`, '']));
    const collected = await collectTree(
      { 'static/app.js': script, ...files },
      { run: { possibleReferences: true } },
    );
    expect(possibleIn(collected)).toEqual([]);
  });
});
