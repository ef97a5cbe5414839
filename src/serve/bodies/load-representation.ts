import { decodedInfo } from '../../model/decode.js';
import type { EncodedFile } from '../files/file-source.js';
import { type Content, readContent } from './content.js';
import { type Representation, represent } from './representation.js';
import { type RepresentationCache, retire } from './representation-cache.js';
import { entityTag, type HeaderPolicy } from './representation-headers.js';
import { dropEncodings, type Resource } from './resource.js';

/**
 * Loads representations; what may be remembered, once for all that ask for it, and into the cache. Anything else is the
 * caller's to retire. `undefined`: there is no such file, or it is another one's.
 */
export type Load = (resource: Resource, coding: string) => Promise<Representation | undefined>;

export function createLoader(policy: HeaderPolicy, cache: RepresentationCache): Load {
  const inFlight = new Map<string, Promise<Representation | undefined>>();

  const load: Load = (resource, coding) => {
    if (!resource.isLasting) return read(resource, coding);
    const key = resource.keys[coding]!;
    const known = cache.get(key);
    if (known !== undefined) return Promise.resolve(known);
    const started = inFlight.get(key) ?? remember(key, read(resource, coding));
    inFlight.set(key, started);
    return started;
  };

  async function remember(key: string, reading: ReturnType<Load>): ReturnType<Load> {
    try {
      const representation = await reading;
      if (representation !== undefined) cache.set(key, representation);
      return representation;
    } finally {
      inFlight.delete(key);
    }
  }

  async function read(resource: Resource, coding: string): ReturnType<Load> {
    const { file, encodings, codings } = resource;
    const encoded = encodings.find((each) => each.coding === coding);
    const content = await readContent(encoded?.file ?? file.file, file.within, cache.maxInMemory);
    if (content === undefined) return undefined;
    if (encoded !== undefined && !(await isOf(resource, encoded, content))) {
      retire(content);
      return undefined;
    }
    const representation = represent(file, content, coding, codings !== 'identity', policy);
    if (representation.isReplaced) dropEncodings(resource, () => true);
    return representation;
  }

  /** Whether compressed bytes are those of the file, as far as that is known. */
  async function isOf(resource: Resource, encoded: EncodedFile, content: Content): Promise<boolean> {
    if (!encoded.unproven) return encoded.size === undefined || encoded.size === content.size;
    const original = await load(resource, 'identity');
    return original !== undefined && decodesTo(content, encoded.coding, original);
  }

  return load;
}

/** Whether compressed bytes are those of a content; `false` where that cannot be found out. */
export async function decodesTo(
  encoded: Content,
  coding: string,
  original: Pick<Representation, 'size' | 'etag'>,
): Promise<boolean> {
  const decoded = await decodedInfo(chunksOf(encoded), coding, original.size).catch(() => undefined);
  return decoded?.size === original.size && entityTag(decoded.integrity) === original.etag;
}

function chunksOf({ bytes, size }: Content): Iterable<Buffer> | AsyncIterable<Buffer> {
  return Buffer.isBuffer(bytes) ? [bytes] : bytes.body({ start: 0, end: size - 1 }).chunks();
}
