import { createHash } from 'node:crypto';
import type { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import zlib from 'node:zlib';
import { entityTag } from '../http/file-headers.js';
import type { Content } from './content.js';
import type { Representation } from './representation.js';

/** The decompressors of this Node.js; that of zstd came with 22.15. */
const DECODERS: Readonly<Record<string, (() => Transform) | undefined>> = {
  br: zlib.createBrotliDecompress,
  gzip: zlib.createGunzip,
  zstd: (zlib as { readonly createZstdDecompress?: () => Transform }).createZstdDecompress,
};

/** Whether compressed bytes are those of a content; `false` where that cannot be found out. */
export async function decodesTo(
  encoded: Content,
  coding: string,
  original: Pick<Representation, 'size' | 'etag'>,
): Promise<boolean> {
  const decoder = DECODERS[coding]?.();
  if (decoder === undefined) return false;
  const hashing = createHash('sha384');
  let size = 0;
  try {
    await pipeline(chunksOf(encoded), decoder, async (decoded: AsyncIterable<Buffer>) => {
      for await (const chunk of decoded) {
        size += chunk.length;
        // A few bytes can be made to decode to gigabytes.
        if (size > original.size) throw new RangeError('It is larger.');
        hashing.update(chunk);
      }
    });
  } catch {
    return false;
  }
  return size === original.size && entityTag(`sha384-${hashing.digest('base64')}`) === original.etag;
}

function chunksOf({ bytes, size }: Content): Iterable<Buffer> | AsyncIterable<Buffer> {
  return Buffer.isBuffer(bytes) ? [bytes] : bytes.body({ start: 0, end: size - 1 }).chunks();
}
