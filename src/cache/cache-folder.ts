import fs from 'node:fs';
import path from 'node:path';
import { describeSystemError, systemErrorCode } from '../errors.js';
import { isWithin } from '../files/system-path.js';
import type { Warning } from '../model/static-file.js';

/** The folders of a cache folder that are ours: nothing else in it is ever deleted. */
export const RECORDS = 'records';
export const COMPRESSED = 'compressed';
export const RSYNC = 'rsync';

/** Keeps a cache folder out of git, whatever the project's own `.gitignore` says. */
export const GITIGNORE = '.gitignore';

/**
 * Makes the cache folder where there is none. One that exists is left as it is: it may hold files that are in git.
 * Throws raw system errors.
 */
export function makeCacheFolder(cacheDir: string): void {
  if (fs.mkdirSync(cacheDir, { recursive: true }) === undefined) return;
  fs.writeFileSync(path.join(cacheDir, GITIGNORE), '*\n');
}

/** The code of {@link cacheProblem}. */
export const CACHE_PROBLEM = 'cache';

/**
 * The warning that the cache cannot be used, which never stops a run.
 *
 * @throws what was thrown, if it is not a system error
 */
export function cacheProblem(cacheDir: string, doing: 'read' | 'write', error: unknown): Warning {
  if (systemErrorCode(error) === undefined) throw error;
  const place = placeOf(error as NodeJS.ErrnoException, cacheDir, doing);
  const inside = path.relative(cacheDir, place);
  const at = inside === '' ? '' : ` (at '${inside}')`;
  const isDenied = ['EACCES', 'EPERM'].includes(systemErrorCode(error)!);
  const remedy =
    isDenied && isOfAnotherUser(place) ? 'It belongs to another user: change its owner, or choose' : 'Choose';
  return {
    code: CACHE_PROBLEM,
    message:
      `Cannot ${doing} the cache folder '${cacheDir}'${at}: ${describeSystemError(error)}. ` +
      `The run goes on without it, and the next one is slower. ${remedy} another folder with --cache-dir.`,
  };
}

/** The file that cannot be read, or the folder that cannot be written. */
function placeOf({ path: file }: NodeJS.ErrnoException, cacheDir: string, doing: 'read' | 'write'): string {
  if (file === undefined || file === cacheDir || !isWithin(file, cacheDir)) return cacheDir;
  return doing === 'read' ? file : path.dirname(file);
}

function isOfAnotherUser(place: string): boolean {
  try {
    return process.getuid !== undefined && fs.statSync(place).uid !== process.getuid();
  } catch {
    return false;
  }
}
