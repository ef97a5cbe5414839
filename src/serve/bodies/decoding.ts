import { decodedFacts } from '../../decoding.js';
import { entityTag } from '../http/file-headers.js';
import type { Content } from './content.js';
import type { Representation } from './representation.js';

/** Whether compressed bytes are those of a content; `false` where that cannot be found out. */
export async function decodesTo(
  encoded: Content,
  coding: string,
  original: Pick<Representation, 'size' | 'etag'>,
): Promise<boolean> {
  const decoded = await decodedFacts(chunksOf(encoded), coding, original.size).catch(() => undefined);
  return decoded?.size === original.size && entityTag(decoded.integrity) === original.etag;
}

function chunksOf({ bytes, size }: Content): Iterable<Buffer> | AsyncIterable<Buffer> {
  return Buffer.isBuffer(bytes) ? [bytes] : bytes.body({ start: 0, end: size - 1 }).chunks();
}
