import fs from 'node:fs';
import path from 'node:path';
import type { FileStamp } from '../files/stamp.js';
import { COMPRESSED } from './cache-folder.js';
import { readSealedFile, writeSealedFile } from './sealed-file.js';

/** Which contents a project used last, and in which packs it has seen that they are what their names say. */
export interface Uses {
  readonly names: ReadonlySet<string>;
  /** The stamps of the packs, by the names of their files. */
  readonly packs: ReadonlyMap<string, FileStamp>;
}

const KIND = 'uses 1';

/** The folder of the lists of uses in a cache folder: one file for each project, whose time is that of the last use. */
export function usesFolder(cacheDir: string): string {
  return path.join(cacheDir, COMPRESSED, 'uses');
}

/** Reads a list; an empty one if there is none that verifies. Throws raw system errors. */
export function readUses(file: string): Uses {
  const bytes = readSealedFile(KIND, file);
  const { names, packs } = bytes ? (JSON.parse(String(bytes)) as SavedUses) : { names: [], packs: [] };
  return { names: new Set(names), packs: new Map(packs) };
}

/** Writes a list. Throws raw system errors. */
export function writeUses(file: string, { names, packs }: Uses): void {
  const saved: SavedUses = { names: [...names], packs: [...packs] };
  writeSealedFile(KIND, file, Buffer.from(JSON.stringify(saved)));
}

interface SavedUses {
  readonly names: readonly string[];
  readonly packs: readonly (readonly [file: string, stamp: FileStamp])[];
}

export const DAY_MS = 24 * 60 * 60 * 1000;

/** Sets a file's time, which says when it was last used, if it is older than a day. Throws raw system errors. */
export function markUsed(file: string): void {
  const now = Date.now();
  const stats = fs.statSync(file, { throwIfNoEntry: false });
  if (stats && stats.mtimeMs < now - DAY_MS) fs.utimesSync(file, now / 1000, now / 1000);
}
