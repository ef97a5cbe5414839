import fs from 'node:fs';
import { describeSystemError, StaticFilesError } from './errors.js';

const CHUNK_BYTES = 64 * 1024;

/**
 * Whether two files hold the same bytes. Compares sizes first, then reads both, chunk by chunk.
 *
 * @throws StaticFilesError `source`, where one of them cannot be read
 */
export function sameFileBytes(pathA: string, pathB: string): boolean {
  return withOpenFile(pathA, (a) =>
    withOpenFile(pathB, (b) => {
      const statsA = fs.fstatSync(a);
      const statsB = fs.fstatSync(b);
      if (statsA.size !== statsB.size) return false;
      return (statsA.ino === statsB.ino && statsA.dev === statsB.dev) || sameContent(a, b);
    }),
  );
}

function sameContent(a: number, b: number): boolean {
  const chunkA = Buffer.allocUnsafe(CHUNK_BYTES);
  const chunkB = Buffer.allocUnsafe(CHUNK_BYTES);
  for (;;) {
    const length = readFull(a, chunkA);
    if (readFull(b, chunkB) !== length || chunkA.compare(chunkB, 0, length, 0, length) !== 0) return false;
    if (length < CHUNK_BYTES) return true;
  }
}

/** Fills a chunk as far as the file goes: one read may give less than is there. */
function readFull(file: number, chunk: Buffer): number {
  let filled = 0;
  while (filled < chunk.length) {
    const length = fs.readSync(file, chunk, filled, chunk.length - filled, null);
    if (length === 0) break;
    filled += length;
  }
  return filled;
}

function withOpenFile<Result>(filePath: string, use: (file: number) => Result): Result {
  const file = open(filePath);
  try {
    return use(file);
  } finally {
    fs.closeSync(file);
  }
}

function open(filePath: string): number {
  try {
    return fs.openSync(filePath, 'r');
  } catch (error) {
    throw new StaticFilesError('source', `Cannot read '${filePath}': ${describeSystemError(error)}.`, {
      cause: error,
    });
  }
}
