import { randomUUID } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { systemErrorCode } from '../../errors.js';
import { ownTag, type ProcessTag } from './process-tag.js';
import { LOCK_NAME } from './reserved-names.js';

/** The process that has a lock. */
export interface Holder {
  /** A random id, different each time. */
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
  /** The file in the lock folder that describes the holder. Deleting it frees the lock. */
  readonly file: string;
  /** `undefined` if the file is damaged. */
  readonly holder: Holder | undefined;
  /** Changes with each heartbeat. */
  readonly mark: string;
}

/** Returns the path of a destination's lock. */
export function lockPath(folder: string): string {
  return path.join(folder, LOCK_NAME);
}

/** Describes this process as the holder of a lock. */
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
 * succeeds only if no folder of that name exists, or an empty one. So the holder's file is there from the first moment, and
 * only one of two processes succeeds. A third one that deletes a file deletes that of the holder it has seen, never that of
 * the next holder.
 *
 * @returns the holder's file; `undefined` if somebody has the lock, or is deleting the destination
 */
export function takeLock(folder: string, holder: Holder): string | undefined {
  const lock = lockPath(folder);
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

/** Frees a lock. Does nothing if somebody else has it by now. */
export function freeLock(file: string): void {
  fs.rmSync(file, { force: true });
  removedIfEmpty(path.dirname(file));
}

/** Returns the lock of a destination, or `undefined` if nobody has it. */
export function findLock(folder: string): FoundLock | undefined {
  const lock = lockPath(folder);
  try {
    // NFS keeps a deleted file under such a name while it is open.
    const name = fs.readdirSync(lock).find((each) => !each.startsWith('.nfs'));
    return name === undefined ? undefined : readLock(path.join(lock, name));
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** Opens the file to get its time, since NFS asks the server for it only then. */
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

/** Windows never renames a folder over another one, not even an empty one, and reports that as a lack of permission. */
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
