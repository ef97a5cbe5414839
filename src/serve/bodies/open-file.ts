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
  /** Returns the bytes of a range as a body. The file stays open until they are read or released. */
  body(range: ByteRange): FileBody;
  /** Closes the file as soon as nobody reads it. */
  retire(): void;
}

/**
 * Returns an open file.
 *
 * @param state state of the file while its bytes were hashed
 */
export function keepOpen(handle: fs.promises.FileHandle, state: FileState): OpenFile {
  let users = 1;
  const leave = () => {
    users--;
    // Nothing can be done about a file that cannot be closed.
    if (users === 0) handle.close().catch(() => {});
  };
  const isCurrent = () => users > 0 && isSameState(fs.fstatSync(handle.fd), state);
  const read = async (range: ByteRange) => {
    if (users === 0) return undefined;
    users++;
    try {
      return await readRange(handle.fd, range, isCurrent);
    } finally {
      leave();
    }
  };
  return {
    isCurrent,
    read,
    body(range) {
      users++;
      return rangeBody(range, read, once(leave));
    },
    retire: once(leave),
  };
}

/** Whether a file was neither changed nor deleted between two states. */
export function isSameState(a: FileState, b: FileState): boolean {
  return a.size === b.size && a.mtimeMs === b.mtimeMs && a.ctimeMs === b.ctimeMs && a.nlink === b.nlink;
}

async function readRange(
  descriptor: number,
  { start, end }: ByteRange,
  isCurrent: () => boolean,
): Promise<Buffer | undefined> {
  const buffer = Buffer.allocUnsafeSlow(end - start + 1);
  for (let filled = 0; filled < buffer.length; ) {
    const bytesRead = await readInto(descriptor, buffer, filled, start + filled);
    if (bytesRead === 0) return undefined;
    filled += bytesRead;
  }
  // Checked after reading: bytes written in between would be sent under the old ETag.
  return isCurrent() ? buffer : undefined;
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
