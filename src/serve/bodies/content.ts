import { hash } from 'node:crypto';
import fs from 'node:fs';
import { systemErrorCode } from '../../errors.js';
import { READ_FLAGS } from '../../files/bytes.js';
import { isWithin } from '../../files/system-path.js';
import { hashOf, isSameState, keepOpen, type OpenFile } from './open-file.js';

/** Bytes of a file with their size and hash. */
export interface Content {
  readonly size: number;
  /** SHA-384 as in HTML's `integrity`: `sha384-…`. */
  readonly integrity: string;
  /** Milliseconds since 1970. */
  readonly mtimeMs: number;
  /** All bytes, or the open file. */
  readonly bytes: Buffer | OpenFile;
}

/** Codes of the system's errors for a missing file. */
const ABSENT: readonly unknown[] = ['ENOENT', 'ENOTDIR', 'EISDIR', 'ELOOP', 'ENAMETOOLONG'];

/** Number of tries for a file that changes while it is hashed. */
const TRIES = 3;

/**
 * Reads and hashes a file. A large file stays open instead of being held in memory.
 *
 * @param within real folder that must contain the file once its links are resolved; `undefined` allows any folder
 * @param maxInMemory bytes
 * @returns `undefined` if the file is missing, not a regular file, or outside of the folder
 * @throws the system's error if it cannot be read
 */
export async function readContent(
  file: string,
  within: string | undefined,
  maxInMemory: number,
): Promise<Content | undefined> {
  for (let tries = 1; ; tries++) {
    const content = await readOnce(file, within, maxInMemory);
    if (content !== 'changed') return content;
    if (tries === TRIES) throw new Error(`'${file}' changes faster than it can be read.`);
  }
}

async function readOnce(file: string, within: string | undefined, maxInMemory: number) {
  let handle: fs.promises.FileHandle;
  try {
    const real = await fs.promises.realpath(file);
    if (within !== undefined && !isWithin(real, within)) return undefined;
    handle = await fs.promises.open(real, READ_FLAGS);
  } catch (error) {
    if (ABSENT.includes(systemErrorCode(error))) return undefined;
    throw error;
  }
  let isKept = false;
  try {
    const stats = await handle.stat();
    if (!stats.isFile()) return undefined;
    const content = await (stats.size <= maxInMemory ? readWhole(handle, stats) : hashWhole(handle, stats));
    if (content === undefined || !isSameState(await handle.stat(), stats)) return 'changed';
    isKept = !Buffer.isBuffer(content.bytes);
    return content;
  } finally {
    if (!isKept) await handle.close();
  }
}

async function readWhole(handle: fs.promises.FileHandle, stats: fs.Stats): Promise<Content | undefined> {
  const { size, mtimeMs } = stats;
  const bytes = Buffer.allocUnsafeSlow(size);
  for (let filled = 0; filled < bytes.length; ) {
    const { bytesRead } = await handle.read(bytes, filled, bytes.length - filled, filled);
    if (bytesRead === 0) return undefined;
    filled += bytesRead;
  }
  return { size, mtimeMs, integrity: `sha384-${hash('sha384', bytes, 'base64')}`, bytes };
}

async function hashWhole(handle: fs.promises.FileHandle, stats: fs.Stats): Promise<Content | undefined> {
  const { size, mtimeMs } = stats;
  const integrity = await hashOf(handle.fd, size);
  if (integrity === undefined) return undefined;
  return { size, mtimeMs, integrity, bytes: keepOpen(handle, stats, integrity) };
}
