import { createHash } from 'node:crypto';
import { type CachedContent, openContentCache } from '../../cache/content-cache.js';
import { NAME_BYTES } from '../../cache/pack-file.js';
import { contentInfo, INTEGRITY_ALGORITHM, integrityHash } from '../../model/content.js';
import type { Encoding } from '../../model/encode.js';
import type { ContentInfo } from '../../model/output.js';
import type { ProcessorContext } from '../processor.js';

/** What came of compressing a content. */
export interface CachedVariant {
  /** `undefined` if compressing is not worth it. */
  readonly content: ContentInfo | undefined;
  /** The compressed bytes; `undefined` if they have to be made again. */
  read(): Buffer | undefined;
}

/** Compressed contents, each kept once in a folder, whoever wants it: other projects and CI machines too. */
export interface CompressionCache {
  /** What is kept of a content; what this project has not used before is decompressed and compared first. */
  find(content: ContentInfo, encoding: Encoding): Promise<CachedVariant | undefined>;
  /** Keeps a variant, or that it is not worth it. */
  add(content: ContentInfo, encoding: Encoding, compressed: Buffer | undefined): CachedVariant;
  /** Writes what was added, at the latest now. */
  flush(): void;
  /** Writes what was added, and what this run has used. */
  save(): void;
}

/** What is kept of a content that is not worth compressing. */
const NOT_WORTH_IT = Buffer.alloc(0);

/** Opens the cache. One that cannot be read or written is a warning, and what is missing is made again. */
export function openCache({
  cacheDir,
  destination,
  warn,
}: Pick<ProcessorContext, 'cacheDir' | 'destination' | 'warn'>): CompressionCache {
  const contents = openContentCache({ cacheDir, owner: destination, warn });
  return {
    async find(content, encoding) {
      const name = nameOf(content, encoding);
      const kept = contents.find(name);
      if (kept === undefined) return undefined;
      if (!contents.isProven(name) && !(await isOf(kept, content, encoding))) return undefined;
      contents.use(name);
      return toVariant(kept);
    },
    add: (content, encoding, compressed = NOT_WORTH_IT) =>
      toVariant(contents.add(nameOf(content, encoding), compressed)),
    flush: contents.flush,
    save: contents.save,
  };
}

/** Made of the content, and of all else on which the bytes depend. */
function nameOf({ integrity, size }: ContentInfo, encoding: Encoding): string {
  const whole = createHash('sha256')
    .update(`${integrity} ${encoding.settings(size)}`)
    .digest();
  return whole.toString('base64url', 0, NAME_BYTES);
}

/** Whether what is kept decompresses to a content: a cache may be damaged, or somebody else's. */
async function isOf(kept: CachedContent, content: ContentInfo, encoding: Encoding): Promise<boolean> {
  if (kept.size === 0) return true;
  const bytes = kept.read();
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
