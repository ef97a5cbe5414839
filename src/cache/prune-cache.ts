import fs from 'node:fs';
import path from 'node:path';
import { describeSystemError, StaticFilesError, systemErrorCode } from '../errors.js';
import { type CacheContents, type CacheFile, type CacheFileKind, readContents } from './contents.js';
import { ENTRY_BYTES, type Pack, type PackEntry } from './pack-file.js';
import { packsFolder, readPacks, repack } from './packs.js';
import { isLeft } from './replace-file.js';
import { DAY_MS, readUses } from './uses.js';

/** Amounts in a cache folder. */
export interface CacheAmount {
  /** Number of compressed contents. */
  readonly entries: number;
  /** Number of records of destinations. */
  readonly records: number;
  /** Number of files that a run is writing or a killed run has left. */
  readonly temporaries: number;
  /** Number of files of other versions, and of files that staticfiles has not written, which it never deletes. */
  readonly others: number;
  /** Bytes. */
  readonly size: number;
}

/** Contents of a cache folder. */
export interface CacheReport extends CacheAmount {
  /** Absolute path of the cache folder. */
  readonly folder: string;
  /** Number of files with compressed contents. */
  readonly packs: number;
  /** Bytes on the disk, folders included. */
  readonly sizeOnDisk: number;
}

/** Contents of a cache folder after pruning, and what was deleted. */
export interface CachePruneReport extends CacheReport {
  readonly deleted: CacheAmount;
}

export interface CachePruneOptions {
  /** Deletes what no run has used for more days. */
  readonly maxAgeDays: number;
  /** Bytes. If there are more, deletes what was used longest ago. */
  readonly maxSize: number;
  /** Milliseconds since 1970 (default: the current time). */
  readonly now?: number;
}

/**
 * Returns what is in a cache folder.
 *
 * @throws StaticFilesError `target` if it cannot be read
 */
export function inspectCache(cacheDir: string): CacheReport {
  return explained(cacheDir, 'read', () => reportOf(cacheDir, readContents(cacheDir)));
}

/**
 * Deletes what is too old or exceeds the size limit, and what killed runs have left. A run at the same time may have to
 * compress something again.
 *
 * @throws StaticFilesError `target` if the cache cannot be read or written
 */
export function pruneCache(cacheDir: string, options: CachePruneOptions): CachePruneReport {
  return explained(cacheDir, 'prune', () => {
    const contents = readContents(cacheDir);
    const before = reportOf(cacheDir, contents);
    prune(cacheDir, contents.files, options);
    const after = reportOf(cacheDir, readContents(cacheDir));
    const deleted = (key: keyof CacheAmount) => Math.max(0, before[key] - after[key]);
    return {
      ...after,
      deleted: {
        entries: deleted('entries'),
        records: deleted('records'),
        temporaries: deleted('temporaries'),
        others: deleted('others'),
        size: deleted('size'),
      },
    };
  });
}

/** A file, or a content in a pack, that may be deleted. */
interface Item {
  readonly of: CacheFile | PackEntry;
  readonly size: number;
  /** Milliseconds since 1970. */
  readonly lastUse: number;
}

function prune(
  cacheDir: string,
  files: readonly CacheFile[],
  { maxAgeDays, maxSize, now = Date.now() }: CachePruneOptions,
): void {
  const oldest = now - maxAgeDays * DAY_MS;
  const packs = readPacks(packsFolder(cacheDir), rethrow);
  const kept = new Set<Item['of']>();
  let size = 0;
  for (const item of newestFirst(files, packs)) {
    if (item.lastUse < oldest || size + item.size > maxSize) continue;
    kept.add(item.of);
    size += item.size;
  }
  prunePacks(packsFolder(cacheDir), packs, kept);
  const whole = new Set(packs.map(({ file }) => file));
  const isUnneeded = (each: CacheFile): boolean => {
    if (each.kind === 'temporary') return isLeft(each.mtimeMs, now);
    if (each.kind === 'uses') return each.mtimeMs < oldest;
    if (each.kind === 'pack') return !whole.has(each.file);
    return each.kind !== 'foreign' && !kept.has(each);
  };
  for (const each of files) if (isUnneeded(each)) deleteFile(each.file, cacheDir);
}

/** Writes the packs again that lose contents. */
function prunePacks(folder: string, packs: readonly Pack[], kept: ReadonlySet<Item['of']>): void {
  const losing = packs.filter(({ entries }) => entries.some((entry) => !kept.has(entry)));
  const staying = losing.flatMap(({ entries }) => entries.filter((entry) => kept.has(entry)));
  if (losing.length > 0) repack(folder, losing, staying);
}

/** Deletes a file, and its folders if they become empty. */
function deleteFile(file: string, cacheDir: string): void {
  fs.rmSync(file, { force: true });
  for (let folder = path.dirname(file); folder !== cacheDir; folder = path.dirname(folder)) {
    if (fs.readdirSync(folder).length > 0) return;
    fs.rmdirSync(folder);
  }
}

function newestFirst(files: readonly CacheFile[], packs: readonly Pack[]): readonly Item[] {
  const lastUses = readLastUses(files);
  const items: Item[] = packs.flatMap(({ entries }) =>
    entries.map((entry) => ({
      of: entry,
      size: entry.size + ENTRY_BYTES,
      lastUse: Math.max(entry.day * DAY_MS, lastUses.get(entry.name) ?? 0),
    })),
  );
  for (const file of files) {
    const { kind, size, mtimeMs } = file;
    if (kind === 'record' || kind === 'outdated') items.push({ of: file, size, lastUse: mtimeMs });
  }
  return items.sort((a, b) => b.lastUse - a.lastUse);
}

/** Returns the last use of each content: the time of the newest list that names it. */
function readLastUses(files: readonly CacheFile[]): ReadonlyMap<string, number> {
  const lastUses = new Map<string, number>();
  for (const { kind, file, mtimeMs } of files) {
    if (kind !== 'uses') continue;
    for (const name of readUses(file).names) {
      lastUses.set(name, Math.max(mtimeMs, lastUses.get(name) ?? 0));
    }
  }
  return lastUses;
}

function reportOf(folder: string, { files, sizeOnDisk }: CacheContents): CacheReport {
  const packs = readPacks(packsFolder(folder), rethrow);
  const names = new Set(packs.flatMap(({ entries }) => entries.map(({ name }) => name)));
  const count = (...kinds: CacheFileKind[]) => files.filter(({ kind }) => kinds.includes(kind)).length;
  return {
    folder,
    entries: names.size,
    packs: count('pack'),
    records: count('record'),
    temporaries: count('temporary'),
    others: count('outdated', 'foreign'),
    size: files.reduce((sum, { size }) => sum + size, 0),
    sizeOnDisk,
  };
}

function rethrow(error: unknown): never {
  throw error;
}

function explained<T>(cacheDir: string, doing: 'read' | 'prune', work: () => T): T {
  try {
    return work();
  } catch (cause) {
    if (systemErrorCode(cause) === undefined) throw cause;
    const { path: file = cacheDir } = cause as NodeJS.ErrnoException;
    const at = file === cacheDir ? '' : ` (at '${path.relative(cacheDir, file)}')`;
    throw new StaticFilesError(
      'target',
      `Cannot ${doing} the cache folder '${cacheDir}'${at}: ${describeSystemError(cause)}. Choose another one with --cache-dir.`,
      { cause },
    );
  }
}
