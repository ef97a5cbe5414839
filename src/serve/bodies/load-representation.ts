import { type DecodedInfo, decodesTo } from '../../model/decode.js';
import type { EncodedFile } from '../files/file-source.js';
import { type Content, readContent } from './content.js';
import { type Representation, represent } from './representation.js';
import { type RepresentationCache, retire } from './representation-cache.js';
import type { HeaderPolicy } from './representation-headers.js';
import { dropEncodings, type Resource } from './resource.js';

/**
 * Loads the representation of a resource in one coding. The caller retires it if the resource is not lasting.
 *
 * @returns `undefined` if the file is missing, or if the compressed file does not belong to the resource
 */
export type Load = (resource: Resource, coding: string) => Promise<Representation | undefined>;

/** Returns a function that loads representations. Lasting ones are read once for all requests and then cached. */
export function createLoader(policy: HeaderPolicy, cache: RepresentationCache): Load {
  const inFlight = new Map<string, Promise<Representation | undefined>>();

  const load: Load = (resource, coding) => {
    if (!resource.isLasting) return read(resource, coding);
    const key = resource.keys[coding]!;
    const cached = cache.get(key);
    if (cached !== undefined) return Promise.resolve(cached);
    const loading = inFlight.get(key) ?? cacheLoaded(key, read(resource, coding));
    inFlight.set(key, loading);
    return loading;
  };

  async function cacheLoaded(key: string, reading: ReturnType<Load>): ReturnType<Load> {
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
    if (encoded !== undefined && !(await isVariant(resource, encoded, content))) {
      retire(content);
      return undefined;
    }
    const representation = represent(file, content, coding, codings !== 'identity', policy);
    if (representation.isReplaced) dropEncodings(resource, () => true);
    return representation;
  }

  /** Whether a compressed file belongs to the resource: by its size or, if unproven, by its decompressed bytes. */
  async function isVariant(resource: Resource, encoded: EncodedFile, content: Content): Promise<boolean> {
    if (!encoded.unproven) return encoded.size === undefined || encoded.size === content.size;
    const original = await load(resource, 'identity');
    return original !== undefined && isEncodingOf(original, content, encoded.coding);
  }

  return load;
}

/** Whether a compressed content decodes to the original; `false` if it cannot be read. */
export async function isEncodingOf(
  original: DecodedInfo,
  encoded: Content,
  coding: string,
): Promise<boolean> {
  return decodesTo(chunksOf(encoded), coding, original).catch(() => false);
}

function chunksOf({ bytes, size }: Content): Iterable<Buffer> | AsyncIterable<Buffer> {
  return Buffer.isBuffer(bytes) ? [bytes] : bytes.body({ start: 0, end: size - 1 }).chunks();
}
