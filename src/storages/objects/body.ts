import { createHash, type Hash } from 'node:crypto';
import { untilAborted } from '../../concurrency/abort.js';
import { bodyPieces, inItsState, readBody } from '../../model/body.js';
import { INTEGRITY_ALGORITHM, integrityHash } from '../../model/content.js';
import { type Body, type Output, storedFacts } from '../../model/output.js';
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

/**
 * The MD5 of an object's bytes, by which a service sees whether they arrived as they were sent. What is large is read for
 * that on its own: the hash is told before the bytes are, so that the service refuses wrong ones.
 */
export async function md5OfPieces(body: ObjectBody, signal: AbortSignal): Promise<Buffer> {
  const hash = createHash('md5');
  for await (const piece of untilAborted(signal, body.chunks())) hash.update(piece);
  return hash.digest();
}

export function md5Of(bytes: Uint8Array): Buffer {
  return createHash('md5').update(bytes).digest();
}
