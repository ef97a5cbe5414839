import { createHash } from 'node:crypto';
import type { PutBackend } from '../../src/storages/from-put.js';

/** A backend that keeps the text of files in a map, and compares by a hash. */
export function memoryBackend(stored: Map<string, string>, hashAlgorithm = 'md5'): PutBackend {
  const hash = (text: string) => createHash(hashAlgorithm).update(text).digest('hex');
  return {
    name: 'memory',
    hashAlgorithm,
    list: async () =>
      [...stored].map(([publicPath, text]) => ({ publicPath, size: text.length, hash: hash(text) })),
    put: async (publicPath, bytes) => {
      stored.set(publicPath, Buffer.from(bytes).toString());
    },
    delete: async (publicPath) => {
      stored.delete(publicPath);
    },
    readText: async (publicPath) => stored.get(publicPath),
  };
}
