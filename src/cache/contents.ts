import fs, { type Stats } from 'node:fs';
import path from 'node:path';
import { systemErrorCode } from '../errors.js';
import { toPosix } from '../files/system-path.js';
import { COMPRESSED, GITIGNORE, RECORDS, RSYNC } from './cache-folder.js';
import { isPackName } from './packs.js';
import { isTemporary } from './replace-file.js';

/**
 * Kind of a file in a cache folder.
 *
 * - `outdated`: written by another version of staticfiles
 * - `foreign`: not written by staticfiles
 */
export type CacheFileKind = 'record' | 'pack' | 'uses' | 'temporary' | 'outdated' | 'foreign';

/** A file in a cache folder. */
export interface CacheFile {
  readonly kind: CacheFileKind;
  /** Absolute path. */
  readonly file: string;
  /** Bytes. */
  readonly size: number;
  /** Milliseconds since 1970. */
  readonly mtimeMs: number;
}

/** Files in a cache folder. */
export interface CacheContents {
  readonly files: readonly CacheFile[];
  /** Bytes on the disk, folders included. */
  readonly sizeOnDisk: number;
}

const FOLDERS = [RECORDS, COMPRESSED, RSYNC];

/** Lists a cache folder, which may be missing. Throws raw system errors. */
export function readContents(cacheDir: string): CacheContents {
  const files: CacheFile[] = [];
  let sizeOnDisk = 0;
  for (const [file, stats] of walk(cacheDir)) {
    sizeOnDisk += onDisk(stats);
    const name = toPosix(path.relative(cacheDir, file));
    if (stats.isDirectory() || name === GITIGNORE) continue;
    files.push({ kind: kindOf(name), file, size: stats.size, mtimeMs: stats.mtimeMs });
  }
  return { files, sizeOnDisk };
}

/** A block of `stat` has 512 bytes on every file system (https://nodejs.org/api/fs.html#statsblocks). */
function onDisk({ blocks, size }: Stats): number {
  return blocks === undefined ? size : blocks * 512;
}

function kindOf(name: string): CacheFileKind {
  const [folder = '', second = '', third = '', ...more] = name.split('/');
  if (!FOLDERS.includes(folder) || second === '') return 'foreign';
  if (folder === RSYNC || isTemporary(name)) return 'temporary';
  if (folder === RECORDS) return third === '' && second.endsWith('.bin') ? 'record' : 'outdated';
  if (more.length > 0) return 'outdated';
  if (second === 'packs' && isPackName(third)) return 'pack';
  return second === 'uses' && third !== '' ? 'uses' : 'outdated';
}

/** Yields an entry and everything below it, without what another run deletes at the same time. */
function* walk(entry: string): Generator<readonly [string, Stats]> {
  const stats = fs.lstatSync(entry, { throwIfNoEntry: false });
  if (stats === undefined) return;
  yield [entry, stats];
  if (stats.isDirectory()) for (const name of namesIn(entry)) yield* walk(path.join(entry, name));
}

function namesIn(folder: string): readonly string[] {
  try {
    return fs.readdirSync(folder);
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return [];
    throw error;
  }
}
