import { compareCodePoints, sortedByCodePoint } from '../text/code-points.js';

/** Lines in the order of their names. Some can be replaced without sorting the others again. */
export interface SortedLines {
  /** Replaces, adds and removes lines, by name; `undefined` removes one. */
  change(changes: ReadonlyMap<string, string | undefined>): void;
  size(): number;
  join(separator: string): string;
}

export function sortedLines(): SortedLines {
  let names: readonly string[] = [];
  let lines: readonly string[] = [];
  return {
    change(changes) {
      const before = { names, lines };
      const now = { names: [] as string[], lines: [] as string[] };
      let from = 0;
      const keepUntil = (end: number) => {
        for (; from < end; from++) {
          now.names.push(before.names[from]!);
          now.lines.push(before.lines[from]!);
        }
      };
      for (const name of sortedByCodePoint(changes.keys())) {
        keepUntil(firstFrom(before.names, name, from));
        if (before.names[from] === name) from += 1;
        const line = changes.get(name);
        if (line === undefined) continue;
        now.names.push(name);
        now.lines.push(line);
      }
      keepUntil(before.names.length);
      ({ names, lines } = now);
    },
    size: () => lines.length,
    join: (separator) => lines.join(separator),
  };
}

/** Returns the index of the first name that does not come before another one. */
function firstFrom(names: readonly string[], name: string, start: number): number {
  let low = start;
  let high = names.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (compareCodePoints(names[middle]!, name) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}
