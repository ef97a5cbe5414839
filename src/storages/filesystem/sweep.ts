import fs from 'node:fs';
import path from 'node:path';
import { describeSystemError, StaticFilesError } from '../../errors.js';
import { lifeOf, ownTag, type ProcessTag } from './process-tag.js';
import { LOCK_NAME, TEMPORARY_PREFIX } from './reserved-names.js';

/** A folder of a process elsewhere that did not lose its lock is swept only at this age. */
const DAY_MS = 24 * 60 * 60 * 1000;

/** Returns the start of a temporary folder's name. It names this process as its owner. */
export function temporaryPrefix(): string {
  return `${TEMPORARY_PREFIX}${ownTag()}-`;
}

/**
 * Deletes the temporary folders that dead runs left at the top of a destination. Those of a living run stay: it may have
 * lost its lock to somebody who deleted the file.
 *
 * @param robbed processes that lost their lock. Without its folder such a process cannot go on if it wakes up
 * @throws StaticFilesError `target`
 */
export function sweepTemporaryFolders(folder: string, robbed: readonly ProcessTag[]): void {
  for (const name of fs.readdirSync(folder)) {
    const owner = ownerOf(name);
    if (owner === undefined) continue;
    const temporary = path.join(folder, name);
    const isLeft = robbed.includes(owner) || isLeftBehind(lifeOf(owner), temporary, folder);
    if (isLeft) sweep(temporary);
  }
}

function sweep(temporary: string): void {
  try {
    fs.rmSync(temporary, { recursive: true, force: true });
  } catch (error) {
    throw new StaticFilesError(
      'target',
      `Cannot delete '${temporary}', which a killed run left: ${describeSystemError(error)}. Nothing was published. Delete it by hand.`,
      { cause: error },
    );
  }
}

/** Returns the owner in the name of a temporary folder, `''` if it has none, or `undefined` for any other name. */
function ownerOf(name: string): ProcessTag | undefined {
  const prefix = [TEMPORARY_PREFIX, `${LOCK_NAME}-`].find((each) => name.startsWith(each));
  return prefix && name.slice(prefix.length, Math.max(prefix.length, name.lastIndexOf('-')));
}

function isLeftBehind(life: ReturnType<typeof lifeOf>, temporary: string, folder: string): boolean {
  if (life !== 'unknown') return life === 'dead';
  // The lock was taken a moment ago, so both times are by the clock of the file system.
  const [now, then] = [path.join(folder, LOCK_NAME), temporary].map(timeOf);
  return now !== undefined && then !== undefined && now - then > DAY_MS;
}

function timeOf(file: string): number | undefined {
  return fs.lstatSync(file, { throwIfNoEntry: false })?.mtimeMs;
}
