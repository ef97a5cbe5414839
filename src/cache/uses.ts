import fs from 'node:fs';
import path from 'node:path';
import { COMPRESSED } from './cache-folder.js';
import { readSealedFile, writeSealedFile } from './sealed-file.js';

/** Contents that a project used in its last run, and the packs in which it has verified them. */
export interface Uses {
  /** Names of contents. */
  readonly names: ReadonlySet<string>;
  /** The proofs of the packs, by file name. */
  readonly packs: ReadonlyMap<string, string>;
}

/** Returns the folder of the lists of uses. It has a file for each project; the file's time is that of the last use. */
export function usesFolder(cacheDir: string): string {
  return path.join(cacheDir, COMPRESSED, 'uses');
}

const KIND = 'uses 2';

interface SavedUses {
  readonly names: readonly string[];
  readonly packs: readonly (readonly [file: string, proof: string])[];
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

/** Whether a project has a list of what it used in its last run. */
export function hasUses(cacheDir: string, owner: string): boolean {
  return fs.existsSync(path.join(usesFolder(cacheDir), owner));
}

/** Notes that a project still uses what it used in its last run. Throws raw system errors. */
export function markUses(cacheDir: string, owner: string): void {
  markUsed(path.join(usesFolder(cacheDir), owner));
}

export const DAY_MS = 24 * 60 * 60 * 1000;

/**
 * Sets a file's time to now if it is older than a day: it shows when the file was last used. Throws raw system errors.
 */
export function markUsed(file: string): void {
  const now = Date.now();
  const stats = fs.statSync(file, { throwIfNoEntry: false });
  if (stats && stats.mtimeMs < now - DAY_MS) fs.utimesSync(file, now / 1000, now / 1000);
}
