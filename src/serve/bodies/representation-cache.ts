import { LRUCache } from 'lru-cache';
import type { Representation } from './representation.js';

/** Memory of a representation besides its bytes: its headers and key. */
const OVERHEAD_BYTES = 2048;

/** Size above which a file is read while it is sent. */
const MAX_BODY_BYTES = 1024 * 1024;

/** Number of files that stay open. */
const MAX_OPEN_FILES = 256;

/** Cache of recently sent representations: small ones with their bytes, large ones with their open files. */
export interface RepresentationCache {
  /** Largest size, in bytes, of a file that is held in memory. */
  readonly maxInMemory: number;
  get(key: string): Representation | undefined;
  set(key: string, representation: Representation): void;
  /** Empties the cache and closes all files. */
  clear(): void;
}

/** @param cacheSize bytes that all representations in memory may take */
export function createRepresentationCache(cacheSize: number): RepresentationCache {
  const maxInMemory = Math.min(MAX_BODY_BYTES, cacheSize - OVERHEAD_BYTES);
  const inMemory =
    maxInMemory < 0
      ? undefined
      : new LRUCache<string, Representation>({
          maxSize: cacheSize,
          sizeCalculation: ({ size }) => size + OVERHEAD_BYTES,
        });
  const onDisk = new LRUCache<string, Representation>({ max: MAX_OPEN_FILES, dispose: retire });
  return {
    maxInMemory,
    get: (key) => inMemory?.get(key) ?? currentOf(onDisk, key),
    set(key, representation) {
      const cache = Buffer.isBuffer(representation.bytes) ? inMemory : onDisk;
      cache?.set(key, representation);
    },
    clear() {
      inMemory?.clear();
      onDisk.clear();
    },
  };
}

/** Forgets a file that was changed or deleted since it was opened. */
function currentOf(onDisk: LRUCache<string, Representation>, key: string): Representation | undefined {
  const found = onDisk.get(key);
  if (found === undefined || Buffer.isBuffer(found.bytes) || found.bytes.isCurrent()) return found;
  onDisk.delete(key);
  return undefined;
}

/** Closes the file of a representation, if it has an open one. */
export function retire({ bytes }: Pick<Representation, 'bytes'>): void {
  if (!Buffer.isBuffer(bytes)) bytes.retire();
}
