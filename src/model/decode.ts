import { createHash } from 'node:crypto';
import { PassThrough, type Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { IDENTITY } from './content-encoding.js';
import type { ContentInfo } from './output.js';
import { INTEGRITY_ALGORITHM } from './output.js';

/** Size and integrity of bytes after decoding. */
export type DecodedInfo = Pick<ContentInfo, 'size' | 'integrity'>;

/**
 * Returns size and integrity of decoded bytes.
 *
 * @param encoding `br`, `gzip`, `zstd` or `identity`
 * @param limit bytes after which decoding stops: a few bytes may decode to gigabytes
 * @returns `undefined` if they do not have that encoding, decode to more, or this Node.js has no decoder for it
 * @throws what reading `encoded` throws
 */
export async function decodedInfo(
  encoded: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
  encoding: string,
  limit: number,
): Promise<DecodedInfo | undefined> {
  const decoder = await decoderOf(encoding);
  if (decoder === undefined) return undefined;
  const hashing = createHash(INTEGRITY_ALGORITHM);
  let size = 0;
  let failure: { readonly error: unknown } | undefined;
  const read = async function* () {
    try {
      yield* encoded;
    } catch (error) {
      failure = { error };
      throw error;
    }
  };
  try {
    await pipeline(read, decoder, async (decoded: AsyncIterable<Buffer>) => {
      for await (const piece of decoded) {
        size += piece.length;
        if (size > limit) throw new RangeError('It is larger.');
        hashing.update(piece);
      }
    });
  } catch {
    if (failure) throw failure.error;
    return undefined;
  }
  return { size, integrity: `${INTEGRITY_ALGORITHM}-${hashing.digest('base64')}` };
}

/**
 * Whether encoded bytes decode to exactly a content. Decoding stops at its size.
 *
 * @throws what reading `encoded` throws
 */
export async function decodesTo(
  encoded: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
  encoding: string,
  { size, integrity }: DecodedInfo,
): Promise<boolean> {
  const decoded = await decodedInfo(encoded, encoding, size);
  return decoded?.size === size && decoded.integrity === integrity;
}

/** Loads decoders when needed: it takes a few milliseconds, and most runs need none. zstd needs Node.js 22.15. */
async function decoderOf(encoding: string): Promise<Transform | undefined> {
  if (encoding === IDENTITY) return new PassThrough();
  const { default: zlib } = await import('node:zlib');
  const { createZstdDecompress } = zlib as { readonly createZstdDecompress?: () => Transform };
  if (encoding === 'gzip') return zlib.createGunzip();
  if (encoding === 'br') return zlib.createBrotliDecompress();
  return encoding === 'zstd' ? createZstdDecompress?.() : undefined;
}
