import { medianOf, valuesOf } from './rounds.js';

/** Prints rows under their headings: the first column to the left, numbers to the right. */
export function printTable(headings, rows) {
  const widths = headings.map((_, column) =>
    Math.max(...[headings, ...rows].map((row) => row[column].length)),
  );
  for (const row of [headings, widths.map((width) => '-'.repeat(width)), ...rows]) {
    const cells = row.map((cell, column) =>
      column ? cell.padStart(widths[column]) : cell.padEnd(widths[0]),
    );
    console.log(cells.join('  '));
  }
}

/** Prints what contestants took: CPU and wall time in milliseconds, both also as a multiple of one of them, and memory. */
export function printTimes(results, yardstick) {
  const [cpuOfOne, wallOfOne] = ['cpu', 'wall'].map((what) => medianOf(results, yardstick, what));
  printTable(
    ['', 'CPU, ms', 'fastest', `× ${yardstick}`, 'wall, ms', 'fastest', `× ${yardstick}`, 'peak, MB'],
    results.map(({ name }) => {
      const [cpu, wall, peak] = ['cpu', 'wall', 'peak'].map((what) => medianOf(results, name, what));
      return [
        ...[name, milliseconds(cpu), fastest(results, name, 'cpu'), (cpu / cpuOfOne).toFixed(2)],
        ...[milliseconds(wall), fastest(results, name, 'wall'), (wall / wallOfOne).toFixed(2)],
        (peak / 1e6).toFixed(0),
      ];
    }),
  );
}

/** Prints what contestants took above the first one of their runtime. */
export function printAbove(results) {
  let base = 0;
  printTable(
    ['', 'CPU, ms', 'fastest', 'above an empty module', 'wall, ms'],
    results.map(({ name }) => {
      const cpu = medianOf(results, name, 'cpu');
      if (name.startsWith('empty module')) base = cpu;
      const wall = milliseconds(medianOf(results, name));
      return [name, milliseconds(cpu), fastest(results, name, 'cpu'), milliseconds(cpu - base), wall];
    }),
  );
}

function fastest(results, name, what) {
  return milliseconds(Math.min(...valuesOf(results, name, what)));
}

function milliseconds(seconds) {
  return (seconds * 1000).toFixed(0);
}
