import { splice } from '../../src/model/splice.js';
import type { Scan, Scanner } from '../../src/references/reference.js';

/** Begins with hexadecimal digits, which an escape before them could swallow. */
export const FINGERPRINT = '.f00d';

/** A source, given as text or bytes, with a fingerprint in each reference; as Latin-1 where it was bytes. */
export function fingerprinted(scan: Scanner, source: string | Buffer): string {
  const bytes = typeof source === 'string' ? Buffer.from(source) : source;
  const result = insertAll(bytes, scan(bytes));
  return result.toString(typeof source === 'string' ? 'utf8' : 'latin1');
}

/** The bytes with a fingerprint in each reference. */
export function insertAll(bytes: Buffer, { references }: Scan): Buffer {
  return splice(
    bytes,
    references.map(({ insertionOffset }) => ({ offset: insertionOffset, text: FINGERPRINT })),
  );
}
