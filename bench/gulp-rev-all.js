// gulp-rev-all, a peer that also rewrites references. It compares each file with each other one, so its tree is small.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { FINGERPRINTS, ours, remove } from './contestants.js';
import { runRounds } from './rounds.js';
import { iconsOnly } from './scaling.js';
import { makeSite } from './site.js';
import { printTimes } from './table.js';

const FILES = 300;

const SCRIPT = `
import { pipeline } from 'node:stream/promises';
import gulp from 'gulp';
import RevAll from 'gulp-rev-all';
const [source, out] = process.argv.slice(2);
await pipeline(gulp.src('**', { cwd: source, encoding: false }), RevAll.revision(), gulp.dest(out));
`;

/** Prints a table of it and this package on a tree that it can manage, where npm can install it. */
export function beside(work, rounds) {
  const folder = install(path.join(work, 'gulp'));
  if (folder === undefined) return console.log('gulp-rev-all could not be installed, so it is left out.\n');
  const site = makeSite(work, 'gulp-site', [iconsOnly(FILES)]);
  const out = path.join(work, 'out-gulp');
  const gulp = {
    name: 'gulp-rev-all',
    before: () => remove(out),
    command: ['node', path.join(folder, 'rev-all.mjs'), site.source, out],
    cwd: folder,
  };
  console.log(`The same of ${FILES} files, as gulp-rev-all takes time by their square:\n`);
  const results = runRounds([[gulp], ours(work, site, FINGERPRINTS)], rounds);
  printTimes(results, 'staticfiles, first run');
  console.log();
}

function install(folder) {
  fs.mkdirSync(folder);
  fs.writeFileSync(path.join(folder, 'package.json'), '{ "private": true }');
  fs.writeFileSync(path.join(folder, 'rev-all.mjs'), SCRIPT);
  const argv = ['install', '--no-audit', '--no-fund', '--ignore-scripts', 'gulp@5', 'gulp-rev-all@5'];
  const { status } = spawnSync('npm', argv, { cwd: folder, stdio: 'ignore' });
  return status === 0 ? folder : undefined;
}
