import type { FileStamp } from './file-stamp.js';

const FIELDS = 4;

/** The stamps of many files, four numbers each. */
export type StampColumns = Float64Array;

/** Columns for that many files; none has a stamp yet. */
export function createStampColumns(count: number): StampColumns {
  return new Float64Array(count * FIELDS);
}

/** The same in memory that threads can share. */
export function createSharedStampColumns(count: number): StampColumns {
  return new Float64Array(new SharedArrayBuffer(count * FIELDS * 8));
}

export function setStamp(columns: StampColumns, index: number, stamp: FileStamp): void {
  const at = index * FIELDS;
  columns[at] = stamp.size;
  columns[at + 1] = stamp.mtimeMs;
  columns[at + 2] = stamp.ctimeMs;
  columns[at + 3] = stamp.ino;
}

/** The stamp of a file, `undefined` where none was set. */
export function stampAt(columns: StampColumns, index: number): FileStamp | undefined {
  // Read one by one: destructuring a typed array is ten times as slow, and this runs for every file.
  const at = index * FIELDS;
  if (columns[at + 2] === 0) return undefined;
  return { size: columns[at]!, mtimeMs: columns[at + 1]!, ctimeMs: columns[at + 2]!, ino: columns[at + 3]! };
}
