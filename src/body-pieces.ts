import fs from 'node:fs';
import { changedMeanwhile } from './body.js';
import { type FileStamp, readStamp, sameStamp, stampOf } from './file-stamp.js';
import type { Body } from './output.js';
import { openSource } from './source-file.js';
import { splicePieces } from './splice.js';

/**
 * The bytes of an output piece by piece, for what may be large.
 *
 * @throws StaticFilesError `source` before the last piece where the file is not in the state that a processor saw
 */
export function bodyPieces(body: Body): AsyncIterable<Uint8Array> | Iterable<Uint8Array> {
  if ('bytes' in body) return [body.bytes];
  if ('file' in body) return filePieces(body.file, body.stamp ?? readStamp(body.file));
  return splicePieces(filePieces(body.rewritten, body.stamp), body.insertions);
}

const PIECE = 1024 * 1024;

/** The last piece comes only when the file is still in the state that it had at the first one. */
async function* filePieces(file: string, stamp: FileStamp): AsyncGenerator<Buffer> {
  const handle = openSource(file);
  try {
    let left = stamp.size;
    let last: Buffer | undefined;
    while (left > 0) {
      const piece = await read(handle, Math.min(PIECE, left));
      if (piece.length === 0) break;
      if (last) yield last;
      last = piece;
      left -= piece.length;
    }
    if (left > 0 || !sameStamp(stampOf(fs.fstatSync(handle)), stamp)) throw changedMeanwhile(file);
    if (last) yield last;
  } finally {
    fs.closeSync(handle);
  }
}

function read(descriptor: number, size: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    fs.read(descriptor, Buffer.allocUnsafeSlow(size), 0, size, null, (error, length, buffer) => {
      if (error) reject(error);
      else resolve(buffer.subarray(0, length));
    });
  });
}
