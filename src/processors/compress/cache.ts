import { hash } from 'node:crypto';
import { type CachedContent, openContentCache } from '../../cache/content-cache.js';
import { NAME_BYTES } from '../../cache/pack-file.js';
import { contentInfo, integrityHash } from '../../model/content.js';
import type { Encoding } from '../../model/encode.js';
import type { ContentInfo } from '../../model/output.js';
import { INTEGRITY_ALGORITHM } from '../../model/output.js';
import type { ProcessorContext } from '../processor.js';

/** The result of compressing a content. */
export interface CachedVariant {
  /** `undefined` if compressing gains too little. */
  readonly content: ContentInfo | undefined;
  /** Returns the compressed bytes; `undefined` if they are no longer in the cache. */
  read(): Buffer | undefined;
}

/** Cache of compressed contents. Projects and CI machines can share it: it knows contents, not files. */
export interface CompressionCache {
  /** Returns the cached result if an earlier run of this project has verified it. */
  findProven(content: ContentInfo, encoding: Encoding): CachedVariant | undefined;
  /** Returns the cached result if it decompresses to the content. */
  find(content: ContentInfo, encoding: Encoding): Promise<CachedVariant | undefined>;
  /** Adds a result: compressed bytes, or `undefined` if compressing gains too little. */
  add(content: ContentInfo, encoding: Encoding, compressed: Buffer | undefined): CachedVariant;
  /** Writes all results that were added. */
  flush(): void;
  /** Writes all results that were added, and which results this run has used. */
  save(): void;
}

/** The cached bytes of a content that gains too little. */
const NO_GAIN = Buffer.alloc(0);

/** Opens the cache. If it cannot be read or written, warns; contents are then compressed again. */
export function openCache({
  cacheDir,
  destination,
  warn,
}: Pick<ProcessorContext, 'cacheDir' | 'destination' | 'warn'>): CompressionCache {
  const contents = openContentCache({ cacheDir, owner: destination, warn });
  return {
    findProven(content, encoding) {
      const name = nameOf(content, encoding);
      const cached = contents.isProven(name) ? contents.find(name) : undefined;
      if (cached === undefined) return undefined;
      contents.use(name);
      return toVariant(cached);
    },
    async find(content, encoding) {
      const name = nameOf(content, encoding);
      const cached = contents.find(name);
      if (cached === undefined || !(await belongsTo(content, cached, encoding))) return undefined;
      contents.use(name);
      return toVariant(cached);
    },
    add: (content, encoding, compressed = NO_GAIN) =>
      toVariant(contents.add(nameOf(content, encoding), compressed)),
    flush: contents.flush,
    save: contents.save,
  };
}

/** The name of a result in the cache. It covers everything that the compressed bytes depend on. */
function nameOf({ integrity, size }: ContentInfo, encoding: Encoding): string {
  const digest = hash('sha256', `${integrity} ${encoding.settings(size)}`, 'buffer');
  return digest.toString('base64url', 0, NAME_BYTES);
}

/** Whether a cached result decompresses to the content. A cache may be damaged, or come from somebody else. */
async function belongsTo(content: ContentInfo, cached: CachedContent, encoding: Encoding): Promise<boolean> {
  if (cached.size === 0) return true;
  const bytes = cached.read();
  if (bytes === undefined) return false;
  try {
    return contentInfo(await encoding.decompress(bytes), 'md5').integrity === content.integrity;
  } catch {
    return false;
  }
}

function toVariant({ size, hash, read }: CachedContent): CachedVariant {
  if (size === 0) return { content: undefined, read };
  const integrity = `${INTEGRITY_ALGORITHM}-${hash}`;
  return { content: { hash: integrityHash(integrity)!.slice(0, 32), size, integrity }, read };
}
