import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { systemErrorCode } from '../errors.js';
import { COMPRESSED } from './cache-folder.js';
import {
  type Pack,
  type PackEntry,
  type PackedContent,
  readPack,
  readPacked,
  writePack,
} from './pack-file.js';

/** Bytes after which a pack is written. No more is held in memory, or lost by a kill. */
export const PACK_BYTES = 4 * 1024 * 1024;

/** Packs below this size are merged when there are more than this many. Each run that makes something adds one. */
const SMALL = { bytes: PACK_BYTES / 4, most: 32 };

/** A number, which gives the order of writing, and a random part for runs at the same time. */
const PACK_NAME = /^\d{8}-[0-9a-f]{8}\.pack$/;

/** Returns the folder of the packs in a cache folder. */
export function packsFolder(cacheDir: string): string {
  return path.join(cacheDir, COMPRESSED, 'packs');
}

/** Whether a file in that folder has the name of a pack. */
export function isPackName(name: string): boolean {
  return PACK_NAME.test(name);
}

/**
 * Returns the packs in a folder that verify, in the order of writing. If several have the same content, the last one
 * counts.
 *
 * @param onUnreadable gets the system error of each pack, or of the folder, that cannot be read
 */
export function readPacks(folder: string, onUnreadable: (error: unknown) => void): readonly Pack[] {
  const read = <T>(step: () => T): T | undefined => {
    try {
      return unlessGone(step);
    } catch (error) {
      onUnreadable(error);
      return undefined;
    }
  };
  const files = read(() => packFiles(folder)) ?? [];
  return files.flatMap((file) => read(() => readPack(file)) ?? []);
}

/** Writes contents to a new pack. Runs at the same time write to different packs. Throws raw system errors. */
export function addPack(folder: string, contents: readonly PackedContent[]): Pack {
  const last = packFiles(folder).at(-1);
  const number = last === undefined ? 0 : Number.parseInt(path.basename(last), 10);
  const name = `${String(number + 1).padStart(8, '0')}-${randomBytes(4).toString('hex')}.pack`;
  return writePack(path.join(folder, name), contents);
}

/** Returns the small packs to merge; none while there are few of them. */
export function tooSmall(packs: readonly Pack[]): readonly Pack[] {
  const small = packs.filter(({ stamp }) => stamp.size < SMALL.bytes);
  return small.length > SMALL.most ? small : [];
}

/** Merges packs. A run that is still reading one of them makes its contents again. Throws raw system errors. */
export function mergePacks(folder: string, packs: readonly Pack[]): void {
  const newest = new Map(packs.flatMap(({ entries }) => entries.map((entry) => [entry.name, entry])));
  repack(folder, packs, [...newest.values()]);
}

/**
 * Writes contents of packs to new ones, without the damaged ones, and deletes the old packs. Throws raw system errors.
 */
export function repack(folder: string, packs: readonly Pack[], kept: readonly PackEntry[]): void {
  let contents: PackedContent[] = [];
  let size = 0;
  const write = () => {
    if (contents.length > 0) addPack(folder, contents);
    contents = [];
    size = 0;
  };
  for (const entry of kept) {
    const bytes = readPacked(entry);
    if (bytes === undefined) continue;
    contents.push({ name: entry.name, bytes, day: entry.day });
    size += bytes.length;
    if (size >= PACK_BYTES) write();
  }
  write();
  for (const { file } of packs) fs.rmSync(file, { force: true });
}

function packFiles(folder: string): readonly string[] {
  const names = unlessGone(() => fs.readdirSync(folder)) ?? [];
  return names
    .filter(isPackName)
    .sort()
    .map((name) => path.join(folder, name));
}

/** Returns `undefined` for what is gone: another run may delete packs at any time. */
function unlessGone<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}
