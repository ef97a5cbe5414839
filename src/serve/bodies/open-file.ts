import { createHash } from 'node:crypto';
import fs from 'node:fs';
import type { FileBody } from '../answer.js';
import type { ByteRange } from '../http/ranges.js';

/** Bytes that are read, and held in memory, at a time. */
export const CHUNK_BYTES = 256 * 1024;

/** The part of a file's status that changes when it is written or deleted. */
export type FileState = Pick<fs.Stats, 'size' | 'mtimeMs' | 'ctimeMs' | 'nlink'>;

/** File that stays open between requests. If another file replaces it, it still reads the old bytes. */
export interface OpenFile {
  /** Whether the file was neither changed nor deleted since it was hashed. */
  isCurrent(): boolean;
  /**
   * Reads at most {@link CHUNK_BYTES}.
   *
   * @returns `undefined` if the file has changed
   */
  read(range: ByteRange): Promise<Buffer | undefined>;
  /**
   * Returns the bytes of a range as a body. The file stays open until they are read or released. If it is replaced or
   * deleted in the meantime, the old bytes are sent to their end.
   */
  body(range: ByteRange): FileBody;
  /** Closes the file as soon as nobody reads it. */
  retire(): void;
}

/**
 * Returns an open file.
 *
 * @param state state of the file while its bytes were hashed
 * @param integrity hash of these bytes: `sha384-…`
 */
export function keepOpen(handle: fs.promises.FileHandle, state: FileState, integrity: string): OpenFile {
  let users = 1;
  const hasSameBytes = createByteCheck(handle.fd, state, integrity);
  const leave = () => {
    users--;
    // Nothing can be done about a file that cannot be closed.
    if (users === 0) handle.close().catch(() => {});
  };
  const isCurrent = () => users > 0 && isSameState(fs.fstatSync(handle.fd), state);
  const read = async (range: ByteRange, isUsable: () => boolean | Promise<boolean>) => {
    if (users === 0) return undefined;
    users++;
    try {
      const bytes = await readRange(handle.fd, range);
      // Checked after reading: bytes written in between would be sent under the old ETag.
      return bytes !== undefined && (await isUsable()) ? bytes : undefined;
    } finally {
      leave();
    }
  };
  return {
    isCurrent,
    read: (range) => read(range, isCurrent),
    body(range) {
      users++;
      return rangeBody(range, (part) => read(part, hasSameBytes), once(leave));
    },
    retire: once(leave),
  };
}

/** Whether a file was neither changed nor deleted between two states. */
export function isSameState(a: FileState, b: FileState): boolean {
  return a.size === b.size && a.mtimeMs === b.mtimeMs && a.ctimeMs === b.ctimeMs && a.nlink === b.nlink;
}

/**
 * Returns a check that an open file still has the bytes that were hashed.
 *
 * Its size and time change when it is written. When it is replaced or deleted, only the time of its status and the number
 * of its links do, and it keeps its bytes. But a program may also write other bytes and restore the time, so the file is
 * then hashed again, once for each new state.
 */
function createByteCheck(descriptor: number, hashed: FileState, integrity: string) {
  let proven = hashed;
  let checking: Promise<boolean> | undefined;
  const check = async () => {
    const state = fs.fstatSync(descriptor);
    const isSame = (await hashOf(descriptor, state.size)) === integrity;
    if (!isSame || !isSameState(fs.fstatSync(descriptor), state)) return false;
    proven = state;
    return true;
  };
  return (): boolean | Promise<boolean> => {
    const state = fs.fstatSync(descriptor);
    if (isSameState(state, proven)) return true;
    if (state.size !== hashed.size || state.mtimeMs !== hashed.mtimeMs) return false;
    checking ??= check().finally(() => {
      checking = undefined;
    });
    return checking;
  };
}

/**
 * Returns the hash of an open file: `sha384-…`.
 *
 * @returns `undefined` if the file is shorter
 */
export async function hashOf(descriptor: number, size: number): Promise<string | undefined> {
  const hashing = createHash('sha384');
  const buffer = Buffer.allocUnsafeSlow(CHUNK_BYTES);
  for (let position = 0; position < size; ) {
    const bytesRead = await readInto(descriptor, buffer, 0, position);
    if (bytesRead === 0) return undefined;
    hashing.update(buffer.subarray(0, bytesRead));
    position += bytesRead;
  }
  return `sha384-${hashing.digest('base64')}`;
}

async function readRange(descriptor: number, { start, end }: ByteRange): Promise<Buffer | undefined> {
  const buffer = Buffer.allocUnsafeSlow(end - start + 1);
  for (let filled = 0; filled < buffer.length; ) {
    const bytesRead = await readInto(descriptor, buffer, filled, start + filled);
    if (bytesRead === 0) return undefined;
    filled += bytesRead;
  }
  return buffer;
}

function readInto(descriptor: number, buffer: Buffer, offset: number, position: number): Promise<number> {
  return new Promise((resolve, reject) => {
    fs.read(descriptor, buffer, offset, buffer.length - offset, position, (error, bytesRead) => {
      if (error) reject(error);
      else resolve(bytesRead);
    });
  });
}

function rangeBody({ start, end }: ByteRange, read: OpenFile['read'], release: () => void): FileBody {
  return {
    size: end - start + 1,
    async *chunks() {
      try {
        for (let at = start; at <= end; at += CHUNK_BYTES) {
          const chunk = await read({ start: at, end: Math.min(at + CHUNK_BYTES - 1, end) });
          if (chunk === undefined) throw new Error('The file changed while it was sent.');
          yield chunk;
        }
      } finally {
        release();
      }
    },
    release,
  };
}

function once(action: () => void): () => void {
  let isDone = false;
  return () => {
    if (isDone) return;
    isDone = true;
    action();
  };
}
