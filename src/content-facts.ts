import { hash } from 'node:crypto';
import type { ContentFacts } from './output.js';

/**
 * Hash, size and integrity of bytes.
 *
 * @param algorithm of the hash, as `node:crypto` calls it
 */
export function contentFacts(bytes: Uint8Array, algorithm: string): ContentFacts {
  return {
    hash: hash(algorithm, bytes, 'hex'),
    size: bytes.length,
    integrity: `sha384-${hash('sha384', bytes, 'base64')}`,
  };
}
