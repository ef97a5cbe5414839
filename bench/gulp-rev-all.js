// gulp-rev-all, a peer that also rewrites references. It compares each file with each other one, so its tree is small.
import fs from 'node:fs';
import path from 'node:path';
import { FINGERPRINTS, ours, remove } from './contestants.js';
import { fromTests } from './from-tests.js';
import { runRounds } from './rounds.js';
import { iconsOnly } from './scaling.js';
import { makeSite } from './site.js';
import { printTimes } from './table.js';

const { npmPackages } = await fromTests('servers/start/install.ts');

const FILES = 300;

const SCRIPT = `
import { pipeline } from 'node:stream/promises';
import gulp from 'gulp';
import RevAll from 'gulp-rev-all';
const [source, out] = process.argv.slice(2);
await pipeline(gulp.src('**', { cwd: source, encoding: false }), RevAll.revision(), gulp.dest(out));
`;

/** Prints a table of it and this package on a tree that it can manage. */
export function beside(work, rounds) {
  const modules = npmPackages({ gulp: '5.0.1', 'gulp-rev-all': '5.1.0' });
  const script = path.join(path.dirname(modules), 'rev-all.mjs');
  fs.writeFileSync(script, SCRIPT);
  const site = makeSite(work, 'gulp-site', [iconsOnly(FILES)]);
  const out = path.join(work, 'out-gulp');
  const gulp = {
    name: 'gulp-rev-all',
    before: () => remove(out),
    command: [process.execPath, script, site.source, out],
  };
  console.log(`${FILES} files, since gulp-rev-all compares each one with each other one:\n`);
  const results = runRounds([[gulp], ours(work, site, FINGERPRINTS)], rounds);
  printTimes(results, 'staticfiles, first run');
}
