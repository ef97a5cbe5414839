import { createHash, type Hash } from 'node:crypto';
import { untilAborted } from '../../concurrency/abort.js';
import { bodyPieces, inItsState, readBody } from '../../model/body.js';
import { integrityHash } from '../../model/content.js';
import { type Body, INTEGRITY_ALGORITHM, type Output, storedFacts } from '../../model/output.js';
import type { ObjectBody } from './object-store.js';

/** The bytes of an output for an upload, and their hash afterwards. */
export interface OutgoingBody extends ObjectBody {
  /** SHA-384 of the bytes, hexadecimal. Available once the bytes were read. */
  readonly digest: string;
}

/** Returns the bytes of an output, to be read when they are needed. */
export function outgoingBody(output: Output): OutgoingBody {
  const facts = storedFacts(output);
  const known = facts && integrityHash(facts.integrity);
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
      for await (const piece of bodyPieces(body)) {
        hash?.update(piece);
        yield piece;
      }
      seen = hash?.digest('hex');
    },
  };
}

function sizeOf(body: Body): number {
  if (body.kind === 'bytes') return body.bytes.length;
  if (body.kind === 'file') return body.stamp!.size;
  return body.insertions.reduce(
    (size, { text, replaced = 0 }) => size + text.length - replaced,
    body.stamp.size,
  );
}

/**
 * Returns the MD5 of an object's bytes. A service that gets it before the bytes refuses damaged ones. So a large file is
 * read twice.
 */
export async function md5OfPieces(body: ObjectBody, signal: AbortSignal): Promise<Buffer> {
  const hash = createHash('md5');
  for await (const piece of untilAborted(signal, body.chunks())) hash.update(piece);
  return hash.digest();
}

export function md5Of(bytes: Uint8Array): Buffer {
  return createHash('md5').update(bytes).digest();
}
