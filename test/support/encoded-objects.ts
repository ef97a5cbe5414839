import { createHash } from 'node:crypto';
import zlib from 'node:zlib';
import { INDEX_NAME } from '../../src/storages/destination.js';
import type { ObjectStore } from '../../src/storages/objects/object-store.js';
import type { MemoryStore } from './memory-store.js';

/** What clients get of each object but those that the storage keeps for itself; an error where they cannot decode it. */
export function decodedTexts(store: MemoryStore): Record<string, string> {
  const served = [...store.objects].filter(([key]) => !key.startsWith('.staticfiles'));
  return Object.fromEntries(
    served.map(([key, { text, headers }]) => [key, decodedText(text, headers.contentEncoding)]),
  );
}

function decodedText(text: string, encoding: string | undefined): string {
  const bytes = Buffer.from(text, 'latin1');
  try {
    if (encoding === 'gzip') return zlib.gunzipSync(bytes).toString();
    if (encoding === 'br') return zlib.brotliDecompressSync(bytes).toString();
    return bytes.toString();
  } catch {
    return `ERR_CONTENT_DECODING_FAILED (${encoding})`;
  }
}

/** Loses all that the storage itself keeps there. */
export function loseIndex(store: MemoryStore): void {
  for (const key of [...store.objects.keys()]) if (key.startsWith('.staticfiles')) store.objects.delete(key);
}

/** Leaves an index as versions did whose indexes had the hash of decoded bytes. */
export function withOldIndex(store: MemoryStore): void {
  const index = store.objects.get(INDEX_NAME)!;
  loseIndex(store);
  store.objects.set(INDEX_NAME, { ...index, text: index.text.replace('"version":"2.0"', '"version":"1.0"') });
}

/** The same store, whose listings tell the headers too, as those of GCS and Azure do. */
export function tellingHeaders(store: MemoryStore): ObjectStore {
  return {
    ...store,
    async *list(prefix, signal) {
      for await (const page of store.list(prefix, signal))
        yield page.map((object) => ({ ...object, headers: store.objects.get(object.key)!.headers }));
    },
  };
}

/** The same store, whose versions are hashes of the bytes alone, as those of S3 are. */
export function versionedByBytes(store: MemoryStore): MemoryStore {
  const hashed = (key: string) => {
    const object = store.objects.get(key)!;
    const version = createHash('md5').update(object.text, 'latin1').digest('hex');
    store.objects.set(key, { ...object, version });
    return { version };
  };
  return {
    ...store,
    put: async (key, body, options) => {
      await store.put(key, body, options);
      return hashed(key);
    },
    putHeaders: async (key, options) => {
      await store.putHeaders!(key, options);
      return hashed(key);
    },
  };
}
