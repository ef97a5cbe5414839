import fs from 'node:fs';
import path from 'node:path';
import { describeSystemError, systemErrorCode } from '../errors.js';
import { isWithin } from '../files/system-path.js';
import type { Warning } from '../model/static-file.js';

/** Folders in a cache folder. Nothing else in it is ever deleted. */
export const RECORDS = 'records';
export const COMPRESSED = 'compressed';
export const RSYNC = 'rsync';

/** Keeps a cache folder out of git without an entry in the project's own `.gitignore`. */
export const GITIGNORE = '.gitignore';

/**
 * Makes the cache folder if there is none. An existing one gets no `.gitignore`: some of its files may be in git.
 * Throws raw system errors.
 */
export function makeCacheFolder(cacheDir: string): void {
  if (fs.mkdirSync(cacheDir, { recursive: true }) === undefined) return;
  fs.writeFileSync(path.join(cacheDir, GITIGNORE), '*\n');
}

/** Code of {@link cacheProblem}. */
export const CACHE_PROBLEM = 'cache';

/**
 * Returns the warning that the cache cannot be used. It never stops a run.
 *
 * @throws `error` itself if it is not a system error
 */
export function cacheProblem(cacheDir: string, doing: 'read' | 'write', error: unknown): Warning {
  if (systemErrorCode(error) === undefined) throw error;
  const entry = failedEntry(error as NodeJS.ErrnoException, cacheDir, doing);
  const inside = path.relative(cacheDir, entry);
  const at = inside === '' ? '' : ` (at '${inside}')`;
  const isDenied = ['EACCES', 'EPERM'].includes(systemErrorCode(error)!);
  const remedy =
    isDenied && isOfAnotherUser(entry) ? 'It belongs to another user: change its owner, or choose' : 'Choose';
  return {
    code: CACHE_PROBLEM,
    message:
      `Cannot ${doing} the cache folder '${cacheDir}'${at}: ${describeSystemError(error)}. ` +
      `The run goes on without it, and the next one is slower. ${remedy} another folder with --cache-dir.`,
  };
}

/** Returns the file that cannot be read, or the folder that cannot be written. */
function failedEntry(
  { path: file }: NodeJS.ErrnoException,
  cacheDir: string,
  doing: 'read' | 'write',
): string {
  if (file === undefined || file === cacheDir || !isWithin(file, cacheDir)) return cacheDir;
  return doing === 'read' ? file : path.dirname(file);
}

function isOfAnotherUser(entry: string): boolean {
  try {
    return process.getuid !== undefined && fs.statSync(entry).uid !== process.getuid();
  } catch {
    return false;
  }
}
