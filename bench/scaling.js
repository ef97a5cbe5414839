// Time a file at few and at many files, and the most memory that was used.
import { ours } from './contestants.js';
import { iconSizes } from './packages.js';
import { medianOf, runRounds } from './rounds.js';
import { makeSite, sizeOf } from './site.js';
import { printTable } from './table.js';

/** Prints the table for the site and for trees of 5,000, 50,000 and 200,000 small files, with some settings. */
export function scaling(work, site, rounds, settings = {}) {
  const sites = [
    site,
    ...[5_000, 50_000, 200_000].map((count) => makeSite(work, `icons-${count}`, [iconsOnly(count)])),
  ];
  printTable(
    ['files', 'first run, CPU s', 'µs a file', 'peak, MB', 'unchanged, CPU s', 'µs a file', 'peak, MB'],
    sites.map((each) => {
      const { files } = sizeOf(each);
      const turn = ours(work, each, settings);
      const results = runRounds([turn], files > 100_000 ? Math.min(rounds, 3) : rounds);
      const columns = turn.flatMap(({ name }) => {
        const [cpu, peak] = ['cpu', 'peak'].map((what) => medianOf(results, name, what));
        return [cpu.toFixed(3), ((cpu / files) * 1e6).toFixed(1), (peak / 1e6).toFixed(0)];
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
