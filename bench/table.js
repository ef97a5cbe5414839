import { medianOf } from './rounds.js';

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

/** Prints the times of contestants, and how many times as long as one of them they took. */
export function printTimes(results, yardstick) {
  const reference = medianOf(results, yardstick);
  printTable(
    ['', 'seconds', `× ${yardstick}`, 'fastest', 'slowest'],
    results.map(({ name, times }) => [
      name,
      medianOf(results, name).toFixed(3),
      (medianOf(results, name) / reference).toFixed(2),
      Math.min(...times).toFixed(3),
      Math.max(...times).toFixed(3),
    ]),
  );
}
