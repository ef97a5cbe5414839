import { promisify } from 'node:util';
import zlib from 'node:zlib';
import { CODING_EXTENSIONS, type CodingName } from './content-encoding.js';

/** Compresses to one encoding, and decompresses. */
export interface Encoding {
  /** Ending of a variant's name: `.gz`. */
  readonly extension: string;
  /**
   * Level and library version. The compressed bytes depend on these and on the content only, so they are part of the
   * name in the cache.
   */
  settings(size: number): string;
  compress(bytes: Uint8Array): Promise<Buffer>;
  /** Returns the bytes that `compress` gives, synchronously. */
  compressNow(bytes: Uint8Array): Buffer;
  decompress(bytes: Uint8Array): Promise<Buffer>;
}

const GZIP_LEVEL = 9;

/** Above this size, brotli uses a lower quality, which is ten times as fast. The best takes a second for a megabyte. */
const HUGE_BYTES = 4 * 1024 * 1024;

const BROTLI_QUALITY = { usual: 11, huge: 9 };

const ZSTD_LEVEL = 19;

/**
 * Byte of the gzip header for the operating system. It is set to unknown, and the bytes are the same on every system.
 */
const OS_BYTE = { offset: 9, unknown: 255 };

const { constants, versions } = { constants: zlib.constants, versions: process.versions };

const brotliQuality = (size: number) => (size > HUGE_BYTES ? BROTLI_QUALITY.huge : BROTLI_QUALITY.usual);

// Looked up when called, because Node.js 20 and its types have no zstd.
type Zstd = Record<'zstdCompress' | 'zstdDecompress', typeof zlib.gzip> & {
  readonly zstdCompressSync: typeof zlib.gzipSync;
  readonly constants: { readonly ZSTD_c_compressionLevel: number };
};

const zstd = zlib as unknown as Zstd;

const gzipOptions = { level: GZIP_LEVEL };

const brotliOptions = ({ length }: Uint8Array) => ({
  params: {
    [constants.BROTLI_PARAM_QUALITY]: brotliQuality(length),
    [constants.BROTLI_PARAM_SIZE_HINT]: length,
  },
});

const zstdOptions = () =>
  ({ params: { [zstd.constants.ZSTD_c_compressionLevel]: ZSTD_LEVEL } }) as zlib.ZlibOptions;

function withoutSystem(gzipped: Buffer): Buffer {
  gzipped[OS_BYTE.offset] = OS_BYTE.unknown;
  return gzipped;
}

export const ENCODINGS: Readonly<Record<CodingName, Encoding>> = {
  gzip: {
    extension: CODING_EXTENSIONS.gzip,
    settings: () => `gzip-${GZIP_LEVEL}-${versions.zlib}`,
    compress: async (bytes) => withoutSystem(await promisify(zlib.gzip)(bytes, gzipOptions)),
    compressNow: (bytes) => withoutSystem(zlib.gzipSync(bytes, gzipOptions)),
    decompress: (bytes) => promisify(zlib.gunzip)(bytes),
  },
  br: {
    extension: CODING_EXTENSIONS.br,
    settings: (size) => `br-${brotliQuality(size)}-${versions.brotli}`,
    compress: (bytes) => promisify(zlib.brotliCompress)(bytes, brotliOptions(bytes)),
    compressNow: (bytes) => zlib.brotliCompressSync(bytes, brotliOptions(bytes)),
    decompress: (bytes) => promisify(zlib.brotliDecompress)(bytes),
  },
  zstd: {
    extension: CODING_EXTENSIONS.zstd,
    settings: () => `zstd-${ZSTD_LEVEL}-${versions.zstd}`,
    compress: (bytes) => promisify(zstd.zstdCompress)(bytes, zstdOptions()),
    compressNow: (bytes) => zstd.zstdCompressSync(bytes, zstdOptions()),
    decompress: (bytes) => promisify(zstd.zstdDecompress)(bytes),
  },
};

/** Whether this Node.js has an encoding. zstd needs 22.15. */
export function isSupported(encoding: CodingName): boolean {
  return encoding !== 'zstd' || 'zstdCompress' in zlib;
}

/** Whether a content is so large that it is compressed alone, to save memory. */
export function isHuge(size: number): boolean {
  return size > HUGE_BYTES;
}
