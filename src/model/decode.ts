import { createHash } from 'node:crypto';
import { PassThrough, type Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { INTEGRITY_ALGORITHM } from './content.js';
import { IDENTITY } from './content-encoding.js';
import type { ContentInfo } from './output.js';

/** What a client has of bytes when it has decoded them. */
export type DecodedInfo = Pick<ContentInfo, 'size' | 'integrity'>;

/**
 * Size and integrity of what encoded bytes decode to.
 *
 * @param encoding `br`, `gzip`, `zstd` or `identity`
 * @param limit bytes: decoding stops behind them, since a few bytes can be made to decode to gigabytes
 * @returns `undefined` where they are not in that encoding, decode to more, or this Node.js has no decoder for it
 * @throws what reading them throws
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
  let unreadable: { readonly error: unknown } | undefined;
  const read = async function* () {
    try {
      yield* encoded;
    } catch (error) {
      unreadable = { error };
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
    if (unreadable) throw unreadable.error;
    return undefined;
  }
  return { size, integrity: `${INTEGRITY_ALGORITHM}-${hashing.digest('base64')}` };
}

/**
 * Whether encoded bytes decode to exactly a content; nothing behind its size is decoded.
 *
 * @throws what reading them throws
 */
export async function decodesTo(
  encoded: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
  encoding: string,
  { size, integrity }: DecodedInfo,
): Promise<boolean> {
  const decoded = await decodedInfo(encoded, encoding, size);
  return decoded?.size === size && decoded.integrity === integrity;
}

/** Most runs need none, and loading them takes a few milliseconds. That of zstd came with Node.js 22.15. */
async function decoderOf(encoding: string): Promise<Transform | undefined> {
  if (encoding === IDENTITY) return new PassThrough();
  const { default: zlib } = await import('node:zlib');
  const { createZstdDecompress } = zlib as { readonly createZstdDecompress?: () => Transform };
  if (encoding === 'gzip') return zlib.createGunzip();
  if (encoding === 'br') return zlib.createBrotliDecompress();
  return encoding === 'zstd' ? createZstdDecompress?.() : undefined;
}
