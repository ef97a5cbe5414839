import { splice } from '../../src/model/splice.js';
import type { Scan, Scanner } from '../../src/references/reference.js';

/** Begins with hexadecimal digits, which an unfinished escape before them would take in. */
export const FINGERPRINT = '.f00d';

/** Inserts a fingerprint into each reference of a text or bytes. Returns Latin-1 text for bytes. */
export function fingerprinted(scan: Scanner, source: string | Buffer): string {
  const bytes = typeof source === 'string' ? Buffer.from(source) : source;
  const result = insertAll(bytes, scan(bytes));
  return result.toString(typeof source === 'string' ? 'utf8' : 'latin1');
}

/** Inserts a fingerprint into each reference. */
export function insertAll(bytes: Buffer, { references }: Scan): Buffer {
  return splice(
    bytes,
    references.map(({ insertionOffset }) => ({ offset: insertionOffset, text: FINGERPRINT })),
  );
}
