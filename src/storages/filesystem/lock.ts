import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { describeSystemError, StaticFilesError, systemErrorCode } from '../../errors.js';
import { isWithin } from '../../files/system-path.js';
import type { LockOptions, StorageLock } from '../storage.js';
import { startHeartbeat } from './heartbeat.js';
import {
  type FoundLock,
  findLock,
  freeLock,
  type Holder,
  lockPath,
  newHolder,
  takeLock,
} from './lock-folder.js';
import { lifeOf, type ProcessTag } from './process-tag.js';

/** The lock of a folder, held by a run. */
export interface FolderLock extends StorageLock {
  /** Random, another one for each run. */
  readonly id: string;
  /** Processes elsewhere that gave no sign of life, and had their lock taken away. */
  readonly robbed: readonly ProcessTag[];
  /**
   * Looks whether the lock is still there. If somebody has deleted the whole destination, it is taken again.
   *
   * @throws StaticFilesError `locked` if it is lost
   */
  assertHeld(): void;
}

/** Milliseconds. */
export interface LockTiming {
  /** Between two heartbeats. */
  readonly beat: number;
  /** How long a holder must have given no sign of life, if it is unknown whether its process is alive. */
  readonly silence: number;
  /** How long to wait for another run. Longer than the silence, so that no dead holder makes a run fail. */
  readonly wait: number;
}

const TIMING: LockTiming = { beat: 1000, silence: 8000, wait: 15_000 };
const POLL_MS = 50;

/**
 * Takes a folder for one run; makes it if it does not exist. Waits for a run that holds it,
 * unless that one goes on until somebody stops it.
 *
 * A holder on this machine keeps the lock while its process is alive, and no longer. One elsewhere keeps it while its
 * heartbeat goes on. That is seen by this process's own clock: no two clocks are compared.
 *
 * @throws StaticFilesError `locked` with the process and the lock file if another run goes on; `target` if the folder
 *   cannot be written; the signal's reason
 */
export async function lockFolder(
  location: string,
  signal: AbortSignal,
  { watching = false, ...timing }: LockOptions & Partial<LockTiming> = {},
): Promise<FolderLock> {
  const { beat, silence, wait } = { ...TIMING, ...timing };
  const holder = newHolder(watching);
  const robbed: ProcessTag[] = [];
  const isSilent = silenceMeter(silence);
  const end = performance.now() + wait;
  let made: string | undefined;
  try {
    for (;;) {
      signal.throwIfAborted();
      made = fs.mkdirSync(location, { recursive: true }) ?? made;
      const other = findLock(location);
      const life = other?.holder ? lifeOf(other.holder.tag) : 'unknown';
      const file = other === undefined ? takeLock(location, holder) : undefined;
      if (file !== undefined) return holdLock(location, { holder, file, robbed, made, beat });
      if (other && (life === 'dead' || (life === 'unknown' && isSilent(other.mark)))) {
        freeLock(other.file);
        if (other.holder) robbed.push(other.holder.tag);
        continue;
      }
      const isEndless = other?.holder?.watching && life === 'alive';
      if (isEndless || performance.now() >= end) throw lockedError(location, other);
      await pause(POLL_MS, undefined, { signal });
    }
  } catch (error) {
    removeMadeFolders(location, made);
    signal.throwIfAborted();
    const isRaw = !(error instanceof StaticFilesError) && systemErrorCode(error) !== undefined;
    throw isRaw ? cannotLock(location, error) : error;
  }
}

/** Says whether the same mark has been seen for a while. Time in which nobody looked counts little: both may have been frozen. */
function silenceMeter(silence: number): (mark: string) => boolean {
  let latest: string | undefined;
  let lookedAt = 0;
  let silent = 0;
  return (mark) => {
    const now = performance.now();
    silent = mark === latest ? silent + Math.min(now - lookedAt, 10 * POLL_MS) : 0;
    latest = mark;
    lookedAt = now;
    return silent >= silence;
  };
}

interface Taken {
  readonly holder: Holder;
  readonly file: string;
  readonly robbed: readonly ProcessTag[];
  /** The topmost folder that was made for the lock. */
  readonly made: string | undefined;
  readonly beat: number;
}

function holdLock(location: string, { holder, file, robbed, made, beat }: Taken): FolderLock {
  const lost = new AbortController();

  const isHeld = () => fs.existsSync(file) || isTakenAgain(location, holder);

  const stop = startHeartbeat(file, beat, () => {
    if (!isHeld()) lost.abort(lostError(location, file));
  });
  return {
    id: holder.id,
    robbed,
    lost: lost.signal,
    assertHeld() {
      if (!isHeld()) lost.abort(lostError(location, file));
      lost.signal.throwIfAborted();
    },
    async release() {
      stop();
      try {
        freeLock(file);
      } catch (error) {
        // The run is over, and with its process the lock is void.
        if (systemErrorCode(error) === undefined) throw error;
      }
      removeMadeFolders(location, made);
    },
  };
}

/** Where the destination was deleted as a whole, nobody has taken the lock away. The next one would leave its own there. */
function isTakenAgain(location: string, holder: Holder): boolean {
  try {
    if (fs.existsSync(location) && fs.readdirSync(location).length > 0) return false;
    fs.mkdirSync(location, { recursive: true });
    return takeLock(location, holder) !== undefined;
  } catch (error) {
    if (systemErrorCode(error) === undefined) throw error;
    return false;
  }
}

/** A run that has published nothing leaves no empty folder where there was none. */
function removeMadeFolders(location: string, made: string | undefined): void {
  if (made === undefined) return;
  try {
    for (let folder = location; ; folder = path.dirname(folder)) {
      fs.rmdirSync(folder);
      if (folder === made) return;
    }
  } catch (error) {
    if (systemErrorCode(error) === undefined) throw error; // else it is not empty
  }
}

function lockedError(location: string, lock: FoundLock | undefined): StaticFilesError {
  const { holder, file } = lock ?? {};
  const [what, next] = holder?.watching
    ? ['watches files and publishes them', 'End it first.']
    : ['is publishing', 'Run again when it has ended.'];
  const who = holder ? `process ${holder.pid} on ${holder.host}, since ${holder.since}` : 'process unknown';
  const byHand = file === undefined ? '' : ` If no run is active, delete '${file}'.`;
  return new StaticFilesError(
    'locked',
    `Another run ${what} to '${location}' (${who}). Nothing was published. ${next}${byHand}`,
  );
}

function lostError(location: string, file: string): StaticFilesError {
  return new StaticFilesError(
    'locked',
    `'${location}' is no longer held by this run: the lock file '${file}' was deleted. ` +
      'Another run may be publishing there. Run again when it has ended.',
  );
}

const ADVICE: Readonly<Record<string, string>> = {
  EACCES: ' Give this user write permission there, or choose another staticRoot.',
  EPERM: ' Give this user write permission there, or choose another staticRoot.',
  EROFS: ' Choose another staticRoot.',
};

function cannotLock(location: string, cause: unknown): StaticFilesError {
  const { code = '', path: place = location } = cause as NodeJS.ErrnoException;
  return new StaticFilesError('target', whyNotLocked(), { cause });

  function whyNotLocked(): string {
    const what = describeSystemError(cause);
    if (isWithin(place, lockPath(location)))
      return `Cannot take the lock '${place}': ${what}. Nothing was published. If no run is active, delete it.`;
    if (code === 'EEXIST' || code === 'ENOTDIR')
      return `'${location}' is not a folder. Name another staticRoot, or move the file away.`;
    return `Cannot write to '${location}': ${what}. Nothing was published.${ADVICE[code] ?? ''}`;
  }
}
