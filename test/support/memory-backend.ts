import { createHash } from 'node:crypto';
import type { PutBackend } from '../../src/storages/from-put.js';

/** A backend that keeps the text of files in a map. */
export function memoryBackend(stored: Map<string, string>): PutBackend {
  return {
    name: 'memory',
    hashAlgorithm: 'md5',
    list: async () =>
      [...stored].map(([publicPath, text]) => ({ publicPath, size: text.length, hash: md5(text) })),
    put: async (publicPath, bytes) => {
      stored.set(publicPath, Buffer.from(bytes).toString());
    },
    delete: async (publicPath) => {
      stored.delete(publicPath);
    },
    readText: async (publicPath) => stored.get(publicPath),
  };
}

function md5(text: string): string {
  return createHash('md5').update(text).digest('hex');
}
