import fs from 'node:fs';
import type { FileBody } from '../answer.js';
import type { ByteRange } from '../http/ranges.js';

/** How much is read, and held, at a time. */
export const CHUNK_BYTES = 256 * 1024;

/** What of a file's status changes with its bytes, or when it is deleted. */
export type FileState = Pick<fs.Stats, 'size' | 'mtimeMs' | 'ctimeMs' | 'nlink'>;

/** A file that stays open between requests. A file that replaces it has no effect on it. */
export interface KeptFile {
  /** Whether it still is as it was hashed, and in its folder. */
  isCurrent(): boolean;
  /**
   * Reads at most {@link CHUNK_BYTES}.
   *
   * @returns `undefined` where the file has changed
   */
  read(range: ByteRange): Promise<Buffer | undefined>;
  /** The bytes of a range; keeps the file open until they are read, or let go. */
  body(range: ByteRange): FileBody;
  /** Closes the file, as soon as nobody reads it. */
  retire(): void;
}

/** Keeps a file open whose bytes were hashed while it was in this state. */
export function keepFile(handle: fs.promises.FileHandle, state: FileState): KeptFile {
  let users = 1;
  const leave = () => {
    users--;
    // What cannot be closed is gone.
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
  // Afterwards: what was written meanwhile would be sent under the old ETag.
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

function rangeBody({ start, end }: ByteRange, read: KeptFile['read'], release: () => void): FileBody {
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
