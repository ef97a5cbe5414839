import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { collect, type RunOptions } from '../support/command.js';
import { newProject, type Project, SETTINGS } from '../support/project.js';
import { readFolder } from '../support/read-folder.js';

const OTHER_DAY = pathToFileURL(path.resolve(import.meta.dirname, '../support/preload/other-day.mjs')).href;
const CHAIN = 10_000;

const md5 = (text: string) => createHash('md5').update(text).digest('hex').slice(0, 12);

/** A chain of modules, and a cycle that refers to it. */
const FILES: Readonly<Record<string, string>> = {
  'circle/a.js': 'import "./b.js"; import "../chain/0.js";',
  'circle/b.js': 'import "./c.js";',
  'circle/c.js': 'export * from "./a.js";',
  ...Object.fromEntries(
    Array.from({ length: CHAIN }, (_, i) => [
      `chain/${i}.js`,
      i < CHAIN - 1 ? `import "./${i + 1}.js";` : 'end',
    ]),
  ),
};

describe('equal sources', () => {
  it('give the same correct outputs in any order and at any time', async () => {
    const names = Object.keys(FILES);
    const [one, other, later] = [projectOf(names), projectOf(names.toReversed()), projectOf(names)];
    for (const name of names) fs.utimesSync(later.path('static', name), 1, 1_000_000_000);
    const outputs = await published(one);
    expect(same(await published(other), outputs)).toBe(true);
    expect(same(await published(later, { env: { NODE_OPTIONS: `--import ${OTHER_DAY}` } }), outputs)).toBe(
      true,
    );
    expectRight(outputs);
  });
});

function projectOf(names: readonly string[]): Project {
  const sources = Object.fromEntries(names.map((name) => [`static/${name}`, FILES[name]!]));
  return newProject(sources, { ...SETTINGS, postProcess: ['fingerprint'] });
}

async function published(project: Project, options: RunOptions = {}): Promise<ReadonlyMap<string, Buffer>> {
  const { exit, stderr } = await collect(project, [], options);
  expect({ exit, stderr }).toEqual({ exit: 0, stderr: '' });
  const outputs = readFolder(project.path('root'));
  outputs.delete('.staticfiles-run.json'); // each run writes another one
  return outputs;
}

/** Compares buffers by hand, because toEqual takes a second for 10,000 of them. */
function same(one: ReadonlyMap<string, Buffer>, other: ReadonlyMap<string, Buffer>): boolean {
  return one.size === other.size && [...one].every(([name, bytes]) => other.get(name)?.equals(bytes));
}

function expectRight(outputs: ReadonlyMap<string, Buffer>): void {
  const { paths } = JSON.parse(String(outputs.get('staticfiles.json')));
  expect(Object.keys(paths)).toEqual(Object.keys(FILES).sort());
  const base = (name: string) => path.posix.basename(paths[name]);
  const text = (name: string) => String(outputs.get(paths[name]));
  for (let i = 0; i < CHAIN; i++) {
    const expected = i < CHAIN - 1 ? `import "./${base(`chain/${i + 1}.js`)}";` : 'end';
    if (text(`chain/${i}.js`) !== expected) expect.fail(`chain/${i}.js holds ${text(`chain/${i}.js`)}`);
    if (base(`chain/${i}.js`) !== `${i}.${md5(expected)}.js`)
      expect.fail(`wrong name: ${base(`chain/${i}.js`)}`);
  }
  const outer = FILES['circle/a.js']!.replace('0.js', base('chain/0.js'));
  const members = [['a', outer], ...['b', 'c'].map((name) => [name, FILES[`circle/${name}.js`]!])];
  const hash = md5(members.map(([name, body]) => `circle/${name}.js\0${body!.length}\0${body}`).join(''));
  expect([text('circle/a.js'), text('circle/b.js'), text('circle/c.js')]).toEqual([
    outer.replace('b.js', `b.${hash}.js`),
    `import "./c.${hash}.js";`,
    `export * from "./a.${hash}.js";`,
  ]);
  expect(paths['circle/a.js']).toBe(`circle/a.${hash}.js`);
}
