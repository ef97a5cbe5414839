// Time a file at few and at many files, and the most memory that was used.
import fs from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { ours } from './contestants.js';
import { iconSizes } from './packages.js';
import { medianOf, runRounds, timed } from './rounds.js';
import { makeSite, sizeOf } from './site.js';
import { printTable } from './table.js';

const preload = pathToFileURL(path.join(import.meta.dirname, 'peak-memory.js')).href;

/** Prints the table for the site and for trees of 5,000 and 50,000 small files, with some settings. */
export function scaling(work, site, rounds, settings = {}) {
  const sites = [
    site,
    ...[5_000, 50_000].map((count) => makeSite(work, `icons-${count}`, [iconsOnly(count)])),
  ];
  printTable(
    ['files', 'first run, s', 'µs a file', 'peak, MB', 'unchanged, s', 'µs a file', 'peak, MB'],
    sites.map((each) => {
      const { files } = sizeOf(each);
      const turn = ours(work, each, settings);
      const results = runRounds([turn], rounds);
      const columns = turn.flatMap((contestant) => {
        const seconds = medianOf(results, contestant.name);
        return [seconds.toFixed(3), ((seconds / files) * 1e6).toFixed(1), peakMegabytes(work, contestant)];
      });
      return [String(files), ...columns];
    }),
  );
}

/** The shape of a tree of small files. */
export function iconsOnly(count) {
  const folders = Array.from({ length: 50 }, (_, index) => [`c${index}`, count / 50]);
  return { name: 'icons', folders, quantiles: iconSizes, large: [] };
}

/** The largest resident size of a run, as the kernel counted it. */
function peakMegabytes(work, contestant) {
  const file = path.join(work, 'peak');
  timed({ ...contestant, env: { NODE_OPTIONS: `--import ${preload}`, BENCH_PEAK_FILE: file } });
  return (Number(fs.readFileSync(file, 'utf8')) / 1024).toFixed(0);
}
