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
  /** A random id, different for each run. */
  readonly id: string;
  /** Processes elsewhere that showed no sign of life and lost their lock. */
  readonly robbed: readonly ProcessTag[];
  /**
   * Makes sure that the run still has the lock. If somebody has deleted the whole destination, takes the lock again.
   *
   * @throws StaticFilesError `locked` if it is lost
   */
  assertHeld(): void;
}

/** Milliseconds. */
export interface LockTiming {
  /** The time between two heartbeats. */
  readonly beat: number;
  /** How long a holder must show no sign of life, if it is unknown whether its process is alive. */
  readonly silence: number;
  /** How long to wait for another run. It must be longer than `silence`, or a dead holder makes a run fail. */
  readonly wait: number;
}

const TIMING: LockTiming = { beat: 1000, silence: 8000, wait: 15_000 };
const POLL_MS = 50;

/**
 * Takes a folder for one run, and creates it if it is missing. Waits for another run that has the lock, unless that one is
 * watching.
 *
 * A holder on this machine keeps the lock as long as its process lives. One elsewhere keeps it as long as its heartbeat
 * goes on, by the clock of the waiting process. Clocks of two machines are never compared.
 *
 * @throws StaticFilesError `locked` with the process and the lock file if another run keeps the lock; `target` if the
 *   folder cannot be written; the signal's reason
 */
export async function lockFolder(
  folder: string,
  signal: AbortSignal,
  { watching = false, responsive = false, ...timing }: LockOptions & Partial<LockTiming> = {},
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
      made = fs.mkdirSync(folder, { recursive: true }) ?? made;
      const other = findLock(folder);
      const life = other?.holder ? lifeOf(other.holder.tag) : 'unknown';
      const file = other === undefined ? takeLock(folder, holder) : undefined;
      if (file !== undefined) return holdLock(folder, { holder, file, robbed, made, beat, responsive });
      if (other && (life === 'dead' || (life === 'unknown' && isSilent(other.mark)))) {
        freeLock(other.file);
        if (other.holder) robbed.push(other.holder.tag);
        continue;
      }
      const isEndless = other?.holder?.watching && life === 'alive';
      if (isEndless || performance.now() >= end) throw lockedError(folder, other);
      await pause(POLL_MS, undefined, { signal });
    }
  } catch (error) {
    removeMadeFolders(folder, made);
    signal.throwIfAborted();
    const isRaw = !(error instanceof StaticFilesError) && systemErrorCode(error) !== undefined;
    throw isRaw ? cannotLock(folder, error) : error;
  }
}

/** Measures how long a mark stays the same. A long pause between two looks counts little: both processes may have been frozen. */
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
  /** The topmost folder that was created for the lock. */
  readonly made: string | undefined;
  readonly beat: number;
  readonly responsive: boolean;
}

function holdLock(folder: string, { holder, file, robbed, made, beat, responsive }: Taken): FolderLock {
  const lost = new AbortController();

  const isHeld = () => fs.existsSync(file) || isTakenAgain(folder, holder);

  const start = () =>
    startHeartbeat(file, beat, () => {
      if (!isHeld()) lost.abort(lostError(folder, file));
    });
  const stop = responsive ? startLater(start, beat) : start();
  return {
    id: holder.id,
    robbed,
    lost: lost.signal,
    assertHeld() {
      if (!isHeld()) lost.abort(lostError(folder, file));
      lost.signal.throwIfAborted();
    },
    async release() {
      stop();
      try {
        freeLock(file);
      } catch (error) {
        // The run is over, and the lock ends with its process.
        if (systemErrorCode(error) === undefined) throw error;
      }
      removeMadeFolders(folder, made);
    },
  };
}

/**
 * Starts the heartbeat after some milliseconds: its thread costs as much CPU time as a run of a few files. Others see no
 * sign of life in that time, which is a small part of the silence that they wait for. The timer needs the event loop, so
 * this is only for runs that never block it ({@link LockOptions.responsive}). Once the thread beats, they may.
 */
function startLater(start: () => () => void, delay: number): () => void {
  let stop = () => {};
  const timer = setTimeout(() => {
    stop = start();
  }, delay);
  timer.unref();
  return () => {
    clearTimeout(timer);
    stop();
  };
}

/** Takes the lock again if the whole destination was deleted. Another run would have left its own lock there. */
function isTakenAgain(folder: string, holder: Holder): boolean {
  try {
    if (fs.existsSync(folder) && fs.readdirSync(folder).length > 0) return false;
    fs.mkdirSync(folder, { recursive: true });
    return takeLock(folder, holder) !== undefined;
  } catch (error) {
    if (systemErrorCode(error) === undefined) throw error;
    return false;
  }
}

/** Removes the folders that were created for the lock if the run has published nothing to them. */
function removeMadeFolders(folder: string, made: string | undefined): void {
  if (made === undefined) return;
  try {
    for (let dir = folder; ; dir = path.dirname(dir)) {
      fs.rmdirSync(dir);
      if (dir === made) return;
    }
  } catch (error) {
    if (systemErrorCode(error) === undefined) throw error; // a system error means that it is not empty
  }
}

function lockedError(folder: string, lock: FoundLock | undefined): StaticFilesError {
  const { holder, file } = lock ?? {};
  const [what, next] = holder?.watching
    ? ['is watching files and publishing them', 'Stop it first.']
    : ['is publishing', 'Run again when it has finished.'];
  const who = holder ? `process ${holder.pid} on ${holder.host}, since ${holder.since}` : 'process unknown';
  const byHand = file === undefined ? '' : ` If no run is active, delete '${file}'.`;
  return new StaticFilesError(
    'locked',
    `Another run ${what} to '${folder}' (${who}). Nothing was published. ${next}${byHand}`,
  );
}

function lostError(folder: string, file: string): StaticFilesError {
  return new StaticFilesError(
    'locked',
    `This run no longer has the lock of '${folder}': the lock file '${file}' was deleted. ` +
      'Another run may be publishing there. Run again when it has finished.',
  );
}

const ADVICE: Readonly<Record<string, string>> = {
  EACCES: ' Give this user write permission there, or choose another staticRoot.',
  EPERM: ' Give this user write permission there, or choose another staticRoot.',
  EROFS: ' Choose another staticRoot.',
};

function cannotLock(folder: string, cause: unknown): StaticFilesError {
  const { code = '', path: failed = folder } = cause as NodeJS.ErrnoException;
  return new StaticFilesError('target', whyNotLocked(), { cause });

  function whyNotLocked(): string {
    const what = describeSystemError(cause);
    if (isWithin(failed, lockPath(folder)))
      return `Cannot take the lock '${failed}': ${what}. Nothing was published. If no run is active, delete it.`;
    if (code === 'EEXIST' || code === 'ENOTDIR')
      return `'${folder}' is not a folder. Choose another staticRoot, or move the file away.`;
    return `Cannot write to '${folder}': ${what}. Nothing was published.${ADVICE[code] ?? ''}`;
  }
}
