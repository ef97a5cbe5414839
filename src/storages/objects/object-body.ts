import { createHash, type Hash } from 'node:crypto';
import fs from 'node:fs';
import { changedMeanwhile, readBody } from '../../body.js';
import { INTEGRITY_ALGORITHM, integrityHash } from '../../content-facts.js';
import { readStamp, sameStamp, stampOf } from '../../file-stamp.js';
import type { Body, Output, RewrittenBody } from '../../output.js';
import { openSource } from '../../source-file.js';
import { splicePieces } from '../../splice.js';
import type { ObjectBody } from './object-store.js';

/** An output's bytes on their way, and what is known of them when they have gone. */
export interface OutgoingBody extends ObjectBody {
  /** SHA-384 of the content, hexadecimal. Known once the bytes were read, if not before. */
  readonly digest: string;
}

/** The bytes of an output, read when they are asked for. */
export function outgoingBody(output: Output): OutgoingBody {
  const { content } = output;
  const known = content && integrityHash(content.integrity);
  const body = inItsState(output.body);
  let seen: string | undefined;
  const hashing = (): Hash | undefined => (known === undefined ? createHash(INTEGRITY_ALGORITHM) : undefined);
  return {
    size: sizeOf(body),
    get digest() {
      const digest = known ?? seen;
      if (digest === undefined) throw new TypeError('The store has not read the bytes it was to send.');
      return digest;
    },
    bytes() {
      const hash = hashing();
      const bytes = readBody(body);
      seen = hash?.update(bytes).digest('hex');
      return bytes;
    },
    async *chunks() {
      const hash = hashing();
      for await (const piece of piecesOf(body)) {
        hash?.update(piece);
        yield piece;
      }
      seen = hash?.digest('hex');
    },
  };
}

/** So that what is sent piece by piece is of one state, whoever made the output. */
function inItsState(body: Body): Body {
  return 'file' in body ? { ...body, stamp: body.stamp ?? readStamp(body.file) } : body;
}

function sizeOf(body: Body): number {
  if ('bytes' in body) return body.bytes.length;
  if ('file' in body) return body.stamp!.size;
  return body.insertions.reduce(
    (size, { text, replaced = 0 }) => size + text.length - replaced,
    body.stamp.size,
  );
}

function piecesOf(body: Body): AsyncIterable<Uint8Array> | Iterable<Uint8Array> {
  if ('bytes' in body) return [body.bytes];
  if ('file' in body) return filePieces(body.file, body.stamp!);
  return splicePieces(filePieces(body.rewritten, body.stamp), body.insertions);
}

const PIECE = 1024 * 1024;

/** The last piece comes only when the file is still in the state that it had at the first one. */
async function* filePieces(file: string, stamp: RewrittenBody['stamp']): AsyncGenerator<Buffer> {
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
