import { createHash, type Hash } from 'node:crypto';
import { inItsState, readBody } from '../../body.js';
import { bodyPieces } from '../../body-pieces.js';
import { INTEGRITY_ALGORITHM, integrityHash } from '../../content-facts.js';
import { type Body, type Output, storedFacts } from '../../output.js';
import type { ObjectBody } from './object-store.js';

/** An output's bytes on their way, and what is known of them when they have gone. */
export interface OutgoingBody extends ObjectBody {
  /** SHA-384 of the bytes, hexadecimal. Known once the bytes were read, if not before. */
  readonly digest: string;
}

/** The bytes of an output, read when they are asked for. */
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
  if ('bytes' in body) return body.bytes.length;
  if ('file' in body) return body.stamp!.size;
  return body.insertions.reduce(
    (size, { text, replaced = 0 }) => size + text.length - replaced,
    body.stamp.size,
  );
}
