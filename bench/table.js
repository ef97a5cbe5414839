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
