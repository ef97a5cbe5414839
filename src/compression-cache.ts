import fs from 'node:fs';
import path from 'node:path';
import { describeSystemError, StaticFilesError, systemErrorCode } from './errors.js';

/** What the cache of compressed contents holds. */
export interface CacheReport {
  /** Absolute path. */
  readonly folder: string;
  readonly entries: number;
  /** Bytes. */
  readonly size: number;
}

/** What pruning left, and what it took away. */
export interface CachePruneReport extends CacheReport {
  readonly deleted: { readonly entries: number; readonly size: number };
}

export interface CachePruneOptions {
  /** Entries that no run has used for longer go. */
  readonly maxAgeDays: number;
  /** Bytes. While there are more, those go that were used longest ago. */
  readonly maxSize: number;
  /** Milliseconds since 1970; the clock's unless given. */
  readonly now?: number;
}

const DAY_MS = 24 * 60 * 60 * 1000;
const USES = 'uses';

interface Entry {
  /** As the lists of uses have it: `ab/cd…`. */
  readonly name: string;
  readonly size: number;
  /** Milliseconds since 1970. */
  readonly lastUse: number;
}

/** The folder of compressed contents in a cache folder. */
export function compressedFolder(cacheDir: string): string {
  return path.join(cacheDir, 'compressed');
}

/** Looks at the cache. Throws `target` where it cannot be read. */
export function inspectCache(cacheDir: string): CacheReport {
  const folder = compressedFolder(cacheDir);
  return readable(folder, () => reportOf(folder, entriesIn(folder)));
}

/**
 * Deletes what no run has used for long, and, beyond a size, what was used longest ago. A run at the same time at worst
 * compresses something again.
 *
 * @throws StaticFilesError `target` where the cache cannot be read or written
 */
export function pruneCache(
  cacheDir: string,
  { maxAgeDays, maxSize, now = Date.now() }: CachePruneOptions,
): CachePruneReport {
  const folder = compressedFolder(cacheDir);
  return readable(folder, () => {
    const newestFirst = entriesIn(folder).sort((a, b) => b.lastUse - a.lastUse);
    const kept: Entry[] = [];
    const deleted: Entry[] = [];
    let size = 0;
    for (const entry of newestFirst) {
      const fits = entry.lastUse >= now - maxAgeDays * DAY_MS && size + entry.size <= maxSize;
      (fits ? kept : deleted).push(entry);
      if (fits) size += entry.size;
    }
    for (const { name } of deleted) fs.rmSync(path.join(folder, name), { force: true });
    const { entries, size: deletedSize } = reportOf(folder, deleted);
    return { ...reportOf(folder, kept), deleted: { entries, size: deletedSize } };
  });
}

function reportOf(folder: string, entries: readonly Entry[]): CacheReport {
  return { folder, entries: entries.length, size: entries.reduce((sum, { size }) => sum + size, 0) };
}

/** All entries, and what a kill left of one; each with its last use, which is that of the newest list that names it. */
function entriesIn(folder: string): Entry[] {
  const lastUses = readUses(path.join(folder, USES));
  return namesIn(folder).flatMap((prefix) =>
    prefix === USES
      ? []
      : namesIn(path.join(folder, prefix)).flatMap((base) => {
          const name = path.join(prefix, base);
          const stats = fs.statSync(path.join(folder, name), { throwIfNoEntry: false });
          if (!stats?.isFile()) return [];
          return [{ name, size: stats.size, lastUse: Math.max(stats.mtimeMs, lastUses.get(name) ?? 0) }];
        }),
  );
}

function readUses(folder: string): ReadonlyMap<string, number> {
  const lastUses = new Map<string, number>();
  for (const owner of namesIn(folder)) {
    const list = path.join(folder, owner);
    const { mtimeMs } = fs.statSync(list);
    for (const name of fs.readFileSync(list, 'utf8').split('\n')) {
      lastUses.set(name, Math.max(mtimeMs, lastUses.get(name) ?? 0));
    }
  }
  return lastUses;
}

function namesIn(folder: string): readonly string[] {
  try {
    return fs.readdirSync(folder);
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(systemErrorCode(error) ?? '')) return [];
    throw error;
  }
}

function readable<T>(folder: string, work: () => T): T {
  try {
    return work();
  } catch (cause) {
    if (systemErrorCode(cause) === undefined) throw cause;
    throw new StaticFilesError('target', `Cannot look after '${folder}': ${describeSystemError(cause)}.`, {
      cause,
    });
  }
}
