import { randomUUID } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { systemErrorCode } from '../../errors.js';
import { ownTag, type ProcessTag } from './process-tag.js';
import { LOCK_NAME } from './reserved-names.js';

/** Who holds a lock. */
export interface Holder {
  /** Random, another one each time. */
  readonly id: string;
  readonly tag: ProcessTag;
  readonly pid: number;
  readonly host: string;
  readonly since: string;
  /** Whether it goes on until somebody stops it. */
  readonly watching: boolean;
}

/** A lock as it is found. */
export interface FoundLock {
  /** The file in the lock folder that tells of the holder; whoever deletes it frees the lock. */
  readonly file: string;
  /** `undefined` if it is damaged. */
  readonly holder: Holder | undefined;
  /** Another one after each heartbeat. */
  readonly mark: string;
}

/** Where the lock of a destination is. */
export function lockPath(location: string): string {
  return path.join(location, LOCK_NAME);
}

/** This process, as the holder of a lock. */
export function newHolder(watching: boolean): Holder {
  return {
    id: randomUUID(),
    tag: ownTag(),
    pid: process.pid,
    host: os.hostname(),
    since: new Date().toISOString(),
    watching,
  };
}

/**
 * Takes the lock, unless somebody has it. The lock is a folder with one file, named for its holder. Renaming a folder
 * succeeds only if there is none of that name, or an empty one. So the holder's file is there from the first moment, of
 * two takers one succeeds, and what a third one deletes is the file of the holder it has seen, never that of the next.
 *
 * @returns the holder's file; `undefined` if somebody has the lock, or deletes the location right now
 */
export function takeLock(location: string, holder: Holder): string | undefined {
  const lock = lockPath(location);
  const prepared = `${lock}-${holder.tag}-${holder.id.slice(0, 6)}`;
  const name = `${holder.id}.json`;
  try {
    fs.mkdirSync(prepared);
    fs.writeFileSync(path.join(prepared, name), `${JSON.stringify(holder)}\n`);
    const taken = renamed(prepared, lock) || (removedIfEmpty(lock) && renamed(prepared, lock));
    return taken ? path.join(lock, name) : undefined;
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return undefined;
    throw error;
  } finally {
    fs.rmSync(prepared, { recursive: true, force: true });
  }
}

/** Frees a lock. If it is another one's by now, nothing happens. */
export function freeLock(file: string): void {
  fs.rmSync(file, { force: true });
  removedIfEmpty(path.dirname(file));
}

/** Looks who has the lock; `undefined` if nobody has. */
export function findLock(location: string): FoundLock | undefined {
  const lock = lockPath(location);
  try {
    // NFS keeps a deleted file that is open under such a name for a while.
    const name = fs.readdirSync(lock).find((each) => !each.startsWith('.nfs'));
    return name === undefined ? undefined : readLock(path.join(lock, name));
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** It is opened, since NFS asks the server for the time of a file only then. */
function readLock(file: string): FoundLock {
  const descriptor = fs.openSync(file, 'r');
  try {
    const { mtimeMs, ctimeMs } = fs.fstatSync(descriptor);
    const holder = parseHolder(fs.readFileSync(descriptor, 'utf8'));
    return { file, holder, mark: `${file} ${mtimeMs} ${ctimeMs}` };
  } finally {
    fs.closeSync(descriptor);
  }
}

function parseHolder(text: string): Holder | undefined {
  try {
    const holder = JSON.parse(text) as Partial<Holder> | null;
    return typeof holder?.tag === 'string' ? (holder as Holder) : undefined;
  } catch {
    return undefined;
  }
}

/** Windows renames no folder over another one, be it empty, and calls that a matter of permission. */
const IS_THERE = new Set([
  'ENOTEMPTY',
  'EEXIST',
  ...(process.platform === 'win32' ? ['EPERM', 'EACCES'] : []),
]);

function renamed(from: string, to: string): boolean {
  try {
    fs.renameSync(from, to);
    return true;
  } catch (error) {
    if (IS_THERE.has(systemErrorCode(error) ?? '')) return false;
    throw error;
  }
}

function removedIfEmpty(folder: string): boolean {
  try {
    fs.rmdirSync(folder);
    return true;
  } catch {
    return false;
  }
}
