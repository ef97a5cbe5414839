import path from 'node:path';
import { expect } from 'vitest';
import type { Scan, Scanner } from '../../src/references/reference.js';
import { FINGERPRINT, insertAll } from './fingerprinted.js';

/** A reference found by a parser: its kind, and its URL as written. */
export type Found = readonly [kind: string, text: string];

/** The references that a scanner found, bare and computed ones included, `data:` URLs not, in the order of positions. */
export function foundBy(bytes: Buffer, { references, skipped }: Scan): Found[] {
  return [...references, ...skipped.filter(({ reason }) => reason !== 'scheme')]
    .sort((a, b) => a.start - b.start)
    .map(({ kind, start, end }) => [kind, bytes.toString('utf8', start, end)]);
}

/**
 * Checks what must be true of every file. Removing the fingerprints from the output restores the source. Scanning the
 * output again finds the same names with fingerprints.
 */
export function expectInvariant(scan: Scanner, bytes: Buffer, before = scan(bytes)): void {
  const output = insertAll(bytes, before);
  const parts = before.references.map(({ insertionOffset }, i, all) => {
    const from = i === 0 ? 0 : all[i - 1]!.insertionOffset + i * FINGERPRINT.length;
    return output.subarray(from, insertionOffset + i * FINGERPRINT.length);
  });
  const last = before.references.at(-1)?.insertionOffset ?? 0;
  const rest = output.subarray(last + before.references.length * FINGERPRINT.length);
  expect(Buffer.concat([...parts, rest]).equals(bytes)).toBe(true);
  expect(scan(output).references.map(({ url }) => url)).toEqual(
    before.references.map(({ url }) => withFingerprint(url)),
  );
}

/** Uses `node:path`, to be independent of the code under test. */
function withFingerprint(url: string): string {
  const tailStart = url.search(/[?#]|$/);
  const name = url.slice(0, tailStart);
  const baseStart = Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1;
  const base = name.slice(baseStart);
  const leading = /^\.*/.exec(base)![0];
  const { name: stem, ext } = path.posix.parse(`x${base.slice(leading.length)}`);
  return `${name.slice(0, baseStart)}${leading}${stem.slice(1)}${FINGERPRINT}${ext}${url.slice(tailStart)}`;
}
