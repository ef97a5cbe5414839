import { createHash } from 'node:crypto';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { StaticFilesError, systemErrorCode } from '../../errors.js';
import { realPath } from '../../paths.js';
import type { StorageLock } from '../storage.js';

/** A lock whose holder gave no sign of life for this long is taken over. */
const STALE_MS = 5000;
/** In all some six seconds: longer than a dead holder on another machine keeps its lock. */
const RETRIES = { retries: 30, minTimeout: 50, maxTimeout: 250 };

/** Who holds a lock, and which lock folder it was that it took (they are made anew each time). */
interface Holder {
  readonly pid: number;
  readonly host: string;
  readonly since: string;
  readonly folder: string;
}

/**
 * Takes a folder for one run, among all runs that share a cache folder, by a lock with a heartbeat
 * (https://github.com/moxystudio/node-proper-lockfile).
 * Waits a little for another run; throws `locked` with its process id where that goes on.
 */
export async function lockFolder(
  location: string,
  cacheDir: string,
  signal: AbortSignal,
): Promise<StorageLock> {
  const lockFile = lockPath(location, cacheDir);
  fs.mkdirSync(path.dirname(lockFile), { recursive: true });
  releaseDeadHolder(lockFile);
  const { lock } = await import('proper-lockfile').then((module) => module.default);
  const lost = new AbortController();
  const locking = lock(location, {
    lockfilePath: lockFile,
    realpath: false,
    stale: STALE_MS,
    retries: RETRIES,
    onCompromised: (error) => lost.abort(error),
  });
  try {
    const release = await abortable(locking, signal);
    writeHolder(lockFile);
    return {
      lost: lost.signal,
      async release() {
        fs.rmSync(holderPath(lockFile), { force: true });
        if (!lost.signal.aborted) await release();
      },
    };
  } catch (error) {
    locking.then((release) => release()).catch(() => {});
    throw systemErrorCode(error) === 'ELOCKED' ? lockedError(location, lockFile, error) : error;
  }
}

function lockPath(location: string, cacheDir: string): string {
  const key = createHash('sha256').update(realPath(location)).digest('hex').slice(0, 16);
  return path.join(cacheDir, 'locks', key);
}

function holderPath(lockFile: string): string {
  return `${lockFile}.json`;
}

/** Tells this taking of the lock from an earlier one. */
function folderIdentity(lockFile: string): string | undefined {
  const stats = fs.statSync(lockFile, { throwIfNoEntry: false });
  return stats && `${stats.ino}-${stats.birthtimeMs}`;
}

function writeHolder(lockFile: string): void {
  const holder: Holder = {
    pid: process.pid,
    host: os.hostname(),
    since: new Date().toISOString(),
    folder: folderIdentity(lockFile) ?? '',
  };
  fs.writeFileSync(holderPath(lockFile), JSON.stringify(holder));
}

function readHolder(lockFile: string): Holder | undefined {
  try {
    return JSON.parse(fs.readFileSync(holderPath(lockFile), 'utf8')) as Holder;
  } catch {
    return undefined; // none, or only half written: then nothing is known of the holder
  }
}

/** A process of this machine that has died need not be waited for: its lock is made stale at once. */
function releaseDeadHolder(lockFile: string): void {
  const holder = readHolder(lockFile);
  if (holder === undefined || holder.host !== os.hostname() || isAlive(holder.pid)) return;
  if (holder.folder === folderIdentity(lockFile)) fs.utimesSync(lockFile, 0, 0);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return systemErrorCode(error) === 'EPERM';
  }
}

function lockedError(location: string, lockFile: string, cause: unknown): StaticFilesError {
  const holder = readHolder(lockFile);
  const who = holder ? `process ${holder.pid} on ${holder.host}, since ${holder.since}` : 'another process';
  return new StaticFilesError(
    'locked',
    `Another run is publishing to '${location}' (${who}). Run again when it has ended.`,
    { cause },
  );
}

/** Settles as the promise does, or rejects as soon as the signal is aborted. */
async function abortable<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  const settled = new AbortController();
  const aborted = once(signal, 'abort', { signal: settled.signal }).then(() => {
    throw signal.reason;
  });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    settled.abort();
  }
}
