import { hash } from 'node:crypto';
import type { ContentFacts } from './output.js';

/** That of the integrity of files, as `node:crypto` calls it. */
export const INTEGRITY_ALGORITHM = 'sha384';

/** The hash in an integrity, `sha384-…`, hexadecimal; `undefined` where it is another algorithm's. */
export function integrityHash(integrity: string): string | undefined {
  const [algorithm, base64] = integrity.split('-', 2);
  return algorithm === INTEGRITY_ALGORITHM && base64
    ? Buffer.from(base64, 'base64').toString('hex')
    : undefined;
}

/**
 * Hash, size and integrity of bytes.
 *
 * @param algorithm of the hash, as `node:crypto` calls it
 */
export function contentFacts(bytes: Uint8Array, algorithm: string): ContentFacts {
  return {
    hash: hash(algorithm, bytes, 'hex'),
    size: bytes.length,
    integrity: `${INTEGRITY_ALGORITHM}-${hash(INTEGRITY_ALGORITHM, bytes, 'base64')}`,
  };
}
