// What one look-up costs: nanoseconds, by the number of files in the manifest.
import { performance } from 'node:perf_hooks';
import { createStatic } from '../dist/runtime/lookup.js';
import { printTable } from './table.js';

const ROUNDS = 9;
const LOOKUPS = 200_000;

/** Names as in an icon set, one in ten with a letter that URLs escape. */
function manifestOf(files) {
  const names = Array.from(
    { length: files },
    (_, index) => `vendor/icons/set-${index % 50}/${index % 10 ? 'icon' : 'icône'}-${index}.svg`,
  );
  return Object.fromEntries(names.map((name) => [name, name.replace(/\.svg$/, '.27e20196a850.svg')]));
}

/** The median of some rounds, each over names in an order without pattern. */
function nanoseconds(look, names) {
  const order = Array.from({ length: LOOKUPS }, (_, index) => names[(index * 7919) % names.length]);
  const times = Array.from({ length: ROUNDS }, () => {
    let length = 0;
    const start = performance.now();
    for (const name of order) length += look(name).length;
    const elapsed = performance.now() - start;
    if (length === 0) throw new Error('Nothing was looked up.');
    return (elapsed * 1e6) / LOOKUPS;
  });
  return times.sort((a, b) => a - b)[ROUNDS >> 1];
}

function milliseconds(step) {
  const start = performance.now();
  step();
  return performance.now() - start;
}

function rowOf(files) {
  const text = JSON.stringify({ paths: manifestOf(files) });
  const manifest = JSON.parse(text);
  const names = Object.keys(manifest.paths);
  const { static: url } = createStatic(manifest);
  const made = milliseconds(() => createStatic(JSON.parse(text)));
  const missed = milliseconds(() => {
    try {
      url('vendor/icons/set-7/icno-7.svg');
    } catch {}
  });
  const columns = [
    nanoseconds(url, names.slice(0, 50)),
    nanoseconds(url, names),
    nanoseconds(
      url,
      names.map((name) => `${name}#menu`),
    ),
  ];
  return [String(files), ...columns.map((ns) => ns.toFixed(0)), made.toFixed(1), missed.toFixed(1)];
}

printTable(
  ['files', '50 names, ns', 'all names, ns', 'with fragment, ns', 'parse and make, ms', 'a miss, ms'],
  [100, 5_000, 50_000].map(rowOf),
);
