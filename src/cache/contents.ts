import fs, { type Stats } from 'node:fs';
import path from 'node:path';
import { systemErrorCode } from '../errors.js';
import { toPosix } from '../files/system-path.js';
import { COMPRESSED, GITIGNORE, RECORDS, RSYNC } from './cache-folder.js';
import { isPackName } from './packs.js';
import { isTemporary } from './sealed-file.js';

/**
 * What a file of a cache folder is.
 *
 * - `outdated`: what another version of this program may have written
 * - `foreign`: nothing that this program writes
 */
export type CacheFileKind = 'record' | 'pack' | 'uses' | 'temporary' | 'outdated' | 'foreign';

/** A file of a cache folder. */
export interface CacheFile {
  readonly kind: CacheFileKind;
  /** Absolute path. */
  readonly file: string;
  /** Bytes. */
  readonly size: number;
  /** Milliseconds since 1970. */
  readonly mtimeMs: number;
}

/** What a cache folder holds. */
export interface CacheContents {
  readonly files: readonly CacheFile[];
  /** Bytes that all of it takes on the disk, folders included. */
  readonly sizeOnDisk: number;
}

const OURS = [RECORDS, COMPRESSED, RSYNC];

/** Lists a cache folder; there may be none. Throws raw system errors. */
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

/** A block has 512 bytes, whatever the file system's are (https://nodejs.org/api/fs.html#statsblocks). */
function onDisk({ blocks, size }: Stats): number {
  return blocks === undefined ? size : blocks * 512;
}

function kindOf(name: string): CacheFileKind {
  const [folder = '', second = '', third = '', ...more] = name.split('/');
  if (!OURS.includes(folder) || second === '') return 'foreign';
  if (folder === RSYNC || isTemporary(name)) return 'temporary';
  if (folder === RECORDS) return third === '' && second.endsWith('.bin') ? 'record' : 'outdated';
  if (more.length > 0) return 'outdated';
  if (second === 'packs' && isPackName(third)) return 'pack';
  return second === 'uses' && third !== '' ? 'uses' : 'outdated';
}

/** A folder and all below it; what another run deletes at the same time is left out. */
function* walk(place: string): Generator<readonly [string, Stats]> {
  const stats = fs.lstatSync(place, { throwIfNoEntry: false });
  if (stats === undefined) return;
  yield [place, stats];
  if (stats.isDirectory()) for (const name of namesIn(place)) yield* walk(path.join(place, name));
}

function namesIn(folder: string): readonly string[] {
  try {
    return fs.readdirSync(folder);
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return [];
    throw error;
  }
}
