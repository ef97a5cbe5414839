import { LRUCache } from 'lru-cache';
import type { Representation } from './representation.js';

/** What a representation takes besides its bytes: its headers and key. */
const OVERHEAD_BYTES = 2048;

/** Larger bodies are read when they are sent. */
const MAX_BODY_BYTES = 1024 * 1024;

/** How many files are kept open. */
const MAX_OPEN_FILES = 256;

/** Representations that were sent lately: small ones with their bytes, large ones with their files open. */
export interface RepresentationCache {
  /** Bodies of at most so many bytes are held in memory. */
  readonly maxInMemory: number;
  get(key: string): Representation | undefined;
  set(key: string, representation: Representation): void;
  /** Forgets all, and closes all files. */
  clear(): void;
}

/** @param cacheSize how many bytes all bodies in memory may have together */
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

/** A file that was changed, or deleted, since it was opened is not remembered. */
function currentOf(onDisk: LRUCache<string, Representation>, key: string): Representation | undefined {
  const found = onDisk.get(key);
  if (found === undefined || Buffer.isBuffer(found.bytes) || found.bytes.isCurrent()) return found;
  onDisk.delete(key);
  return undefined;
}

/** Closes the file, if one is open. */
export function retire({ bytes }: Pick<Representation, 'bytes'>): void {
  if (!Buffer.isBuffer(bytes)) bytes.retire();
}
