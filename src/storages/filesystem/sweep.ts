import fs from 'node:fs';
import path from 'node:path';
import { describeSystemError, StaticFilesError } from '../../errors.js';
import { lifeOf, ownTag, type ProcessTag } from './process-tag.js';
import { LOCK_NAME, TEMPORARY_PREFIX } from './reserved-names.js';

/** A folder of a process elsewhere, whose lock nobody had to take away, is only swept when it is this old. */
const DAY_MS = 24 * 60 * 60 * 1000;

/** Makes the start of a temporary folder's name, by which its owner is known: this process. */
export function temporaryPrefix(): string {
  return `${TEMPORARY_PREFIX}${ownTag()}-`;
}

/**
 * Deletes the temporary folders that dead runs left at the top of a destination. Those of a living one stay: it may have
 * lost its lock to somebody who deleted the file.
 *
 * @param robbed processes that had their lock taken away: without its folder such a one cannot go on, should it wake up
 * @throws StaticFilesError `target`
 */
export function sweepTemporaryFolders(location: string, robbed: readonly ProcessTag[]): void {
  for (const name of fs.readdirSync(location)) {
    const owner = ownerOf(name);
    if (owner === undefined) continue;
    const folder = path.join(location, name);
    const isLeft = robbed.includes(owner) || isLeftBehind(lifeOf(owner), folder, location);
    if (isLeft) sweep(folder);
  }
}

function sweep(folder: string): void {
  try {
    fs.rmSync(folder, { recursive: true, force: true });
  } catch (error) {
    throw new StaticFilesError(
      'target',
      `Cannot delete '${folder}', which a killed run left: ${describeSystemError(error)}. Nothing was published. Delete it.`,
      { cause: error },
    );
  }
}

/** The owner of a temporary folder, as its name says; `''` if it does not say. */
function ownerOf(name: string): ProcessTag | undefined {
  const prefix = [TEMPORARY_PREFIX, `${LOCK_NAME}-`].find((each) => name.startsWith(each));
  return prefix && name.slice(prefix.length, Math.max(prefix.length, name.lastIndexOf('-')));
}

function isLeftBehind(life: ReturnType<typeof lifeOf>, folder: string, location: string): boolean {
  if (life !== 'unknown') return life === 'dead';
  // Both times are the file system's: the lock was taken a moment ago.
  const [now, then] = [path.join(location, LOCK_NAME), folder].map(timeOf);
  return now !== undefined && then !== undefined && now - then > DAY_MS;
}

function timeOf(folder: string): number | undefined {
  return fs.lstatSync(folder, { throwIfNoEntry: false })?.mtimeMs;
}
