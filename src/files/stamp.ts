import fs, { type Stats } from 'node:fs';

/**
 * What tells one state of a file from another without reading it.
 * Times are milliseconds with a fraction, as Node gives them: a double keeps them to about 0.25 µs,
 * which is finer than the clock tick of any kernel.
 */
export interface FileStamp {
  readonly size: number;
  readonly mtimeMs: number;
  readonly ctimeMs: number;
  readonly ino: number;
}

/** The stamp of a file from its `stat`. */
export function stampOf(stats: Stats): FileStamp {
  return { size: stats.size, mtimeMs: stats.mtimeMs, ctimeMs: stats.ctimeMs, ino: stats.ino };
}

/** Whether two stamps were taken of one and the same state of a file. */
export function sameStamp(a: FileStamp, b: FileStamp): boolean {
  return a.size === b.size && a.mtimeMs === b.mtimeMs && a.ctimeMs === b.ctimeMs && a.ino === b.ino;
}

/** The stamp of the file that a path leads to now, links followed. Throws raw system errors. */
export function readStamp(filePath: string): FileStamp {
  return stampOf(fs.statSync(filePath));
}

/** The same, `undefined` where the file cannot be looked at; reading it then says why. */
export function readStampIfAny(filePath: string): FileStamp | undefined {
  try {
    return readStamp(filePath);
  } catch {
    return undefined;
  }
}

/** A file system's clock moves in ticks; within one, a file can change twice and show one and the same time. */
const TICK_MS = 20;

/** Where times have no fraction of a second, the file system may keep them to two seconds (FAT). */
const COARSE_TICK_MS = 2000;

/**
 * Whether a file had come to rest before a moment: a younger one may have changed after its stamp was taken without
 * showing it, and is compared again at the next run.
 */
export function isSettled({ ctimeMs }: FileStamp, startedAt: number): boolean {
  return ctimeMs < startedAt - (ctimeMs % 1000 === 0 ? COARSE_TICK_MS : TICK_MS);
}
