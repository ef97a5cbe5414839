// How fast references are found in scripts: MB/s on one core, reading left out.
import fs from 'node:fs';
import path from 'node:path';
import { scanJavaScript } from '../dist/index.js';
import { printTable } from './table.js';

const NODE_MODULES = path.resolve(import.meta.dirname, '../node_modules');
const PACKAGES = ['three', 'tinymce', 'swagger-ui-dist', 'codemirror', 'video.js', 'lit-html', 'bootstrap'];
const ROUNDS = 5;

/** Prints the median speed for each package and for all; the first pass, with cold code, counts too. */
export function scanning() {
  const trees = PACKAGES.map((name) => ({ name, scripts: scriptsOf(path.join(NODE_MODULES, name)) }));
  const all = { name: 'all', scripts: trees.flatMap(({ scripts }) => scripts) };
  const first = speed(all.scripts);
  printTable(
    ['scanning scripts', 'files', 'MB', 'MB/s'],
    [...trees, all].map(({ name, scripts }) => [
      name,
      String(scripts.length),
      (sizeOf(scripts) / 1e6).toFixed(1),
      medianSpeed(scripts).toFixed(0),
    ]),
  );
  console.log(`\nIn a process that has just begun: ${first.toFixed(0)} MB/s.\n`);
}

function scriptsOf(folder) {
  return fs
    .readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.m?js$/.test(name))
    .map((name) => path.join(folder, name))
    .filter((file) => fs.statSync(file).isFile())
    .map((file) => fs.readFileSync(file));
}

function medianSpeed(scripts) {
  const speeds = Array.from({ length: ROUNDS }, () => speed(scripts));
  return speeds.sort((a, b) => a - b)[ROUNDS >> 1];
}

/** MB/s of one pass. */
function speed(scripts) {
  const began = process.hrtime.bigint();
  for (const script of scripts) scanJavaScript(script);
  return sizeOf(scripts) / 1e6 / (Number(process.hrtime.bigint() - began) / 1e9);
}

function sizeOf(scripts) {
  return scripts.reduce((sum, { length }) => sum + length, 0);
}
