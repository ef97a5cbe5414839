import { createHash } from 'node:crypto';
import type { ObjectBody } from '../objects/object-store.js';
import { untilAborted } from './aborting.js';

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
