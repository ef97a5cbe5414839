// Makes a tree like what a site with an icon set, an icon font and a framework collects: always the same one.
import fs from 'node:fs';
import path from 'node:path';
import { packages } from './packages.js';

/** Writes the tree below `work` and gives back the project: its folder, and the folder `static` in it. */
export function makeSite(work, name = 'site', shapes = packages) {
  const dir = path.join(work, name);
  const random = randomNumbers(20200101);
  for (const shape of shapes) {
    for (const [file, size] of filesOf(shape, random))
      writeFile(path.join(dir, 'static', file), size, random);
  }
  return { dir, source: path.join(dir, 'static') };
}

/** How many files and bytes a project's tree has. */
export function sizeOf({ source }) {
  const found = fs
    .readdirSync(source, { recursive: true, encoding: 'utf8' })
    .map((name) => fs.statSync(path.join(source, name)))
    .filter((stats) => stats.isFile());
  return { files: found.length, bytes: found.reduce((sum, { size }) => sum + size, 0) };
}

/** Paths and sizes of a package: its few big files, then its many small ones. */
function* filesOf({ name, folders, quantiles, large }, random) {
  for (const [index, size] of large.entries()) yield [`${name}/dist/all-${index}.js`, size];
  for (const [folder, count] of folders) {
    for (let index = 0; index < count; index++) {
      yield [`${name}/${folder}/name-${index}.svg`, sizeAt(quantiles, random())];
    }
  }
}

/** The size at a point between 0 and 1 of a distribution given as [point, size] pairs. */
function sizeAt(quantiles, point) {
  const next = quantiles.findIndex(([at]) => at > point);
  const [from, small] = quantiles[next - 1];
  const [to, big] = quantiles[next];
  return Math.round(small + ((point - from) / (to - from)) * (big - small));
}

function writeFile(file, size, random) {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  const bytes = Buffer.alloc(size, `<path d="M${random()} ${random()}"/>\n`);
  fs.writeFileSync(file, bytes);
}

/** Numbers between 0 and 1, the same ones for a seed (mulberry32). */
function randomNumbers(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
