import fs, { type Stats } from 'node:fs';

/**
 * State of a file, as `stat` shows it. A file whose stamp is the same has not changed, unless it is too young: see
 * {@link isSettled}.
 *
 * Times are milliseconds with a fraction, as in Node.js. A double keeps them to about 0.25 µs, which is finer than the
 * clock tick of any kernel.
 */
export interface FileStamp {
  /** Bytes. */
  readonly size: number;
  readonly mtimeMs: number;
  readonly ctimeMs: number;
  readonly ino: number;
}

/** Returns the stamp of a file from its `stat`. */
export function stampOf(stats: Stats): FileStamp {
  return { size: stats.size, mtimeMs: stats.mtimeMs, ctimeMs: stats.ctimeMs, ino: stats.ino };
}

/** Whether two stamps show the same state of a file. */
export function sameStamp(a: FileStamp, b: FileStamp): boolean {
  return a.size === b.size && a.mtimeMs === b.mtimeMs && a.ctimeMs === b.ctimeMs && a.ino === b.ino;
}

/** Numbers of a stamp in a packed list of them. */
export const STAMP_SIZE = 4;

/**
 * Whether a file has the stamp at an index of a packed list now; `false` if `stat` fails. It makes no objects, which take
 * half as long again as the `stat` of each of thousands of files.
 */
export function hasStampNow(filePath: string, stamps: Float64Array, index: number): boolean {
  let stats: Stats;
  try {
    stats = fs.statSync(filePath);
  } catch {
    return false;
  }
  const at = index * STAMP_SIZE;
  return (
    stats.size === stamps[at] &&
    stats.mtimeMs === stamps[at + 1] &&
    stats.ctimeMs === stamps[at + 2] &&
    stats.ino === stamps[at + 3]
  );
}

/** Returns the stamp that a file has now. Links are followed. Throws raw system errors. */
export function readStamp(filePath: string): FileStamp {
  return stampOf(fs.statSync(filePath));
}

/** Returns the stamp that a file has now; `undefined` if `stat` fails. Reading the file then shows why. */
export function readStampIfAny(filePath: string): FileStamp | undefined {
  try {
    return readStamp(filePath);
  } catch {
    return undefined;
  }
}

/** Clock tick of a file system: within one, a file can change twice and keep its time. */
const TICK_MS = 20;

/** Clock tick if times have no fraction of a second. FAT counts in steps of two seconds. */
const COARSE_TICK_MS = 2000;

/**
 * Whether a file had not changed for more than a clock tick.
 * A younger one may have changed again without a new time, so the next run compares it.
 *
 * @param startedAt milliseconds since 1970
 */
export function isSettled({ ctimeMs }: FileStamp, startedAt: number): boolean {
  return ctimeMs < startedAt - (ctimeMs % 1000 === 0 ? COARSE_TICK_MS : TICK_MS);
}
