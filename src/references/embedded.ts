import type { Unescaped } from './escapes.js';
import type { Scan, Scanner } from './reference.js';

/**
 * What a scanner finds in a style sheet or a script that stands inside another file.
 *
 * @param start byte offset of its first byte in the file
 */
export function scanPart(scanner: Scanner, bytes: Buffer, start: number, end: number): Scan {
  return moved(scanner(bytes.subarray(start, end)), (offset) => start + offset);
}

/** The same of one that stands in an attribute, where its own text is escaped once more. */
export function scanAttribute(scanner: Scanner, text: Unescaped, start: number): Scan | undefined {
  // An escaped character above Latin-1 has no byte of its own; nothing then says where the others stand.
  if (/[^\0-\xff]/.test(text.shape)) return undefined;
  const scan = scanner(Buffer.from(text.shape, 'latin1'));
  return moved(scan, (offset) => start + text.offsetOf(offset));
}

function moved(scan: Scan, at: (offset: number) => number): Scan {
  const place = <T extends { readonly start: number; readonly end: number }>(found: T) => ({
    ...found,
    start: at(found.start),
    end: at(found.end),
  });
  return {
    references: scan.references.map((each) => ({
      ...place(each),
      insertionOffset: at(each.insertionOffset),
    })),
    skipped: scan.skipped.map(place),
    warnings: scan.warnings,
    ...(scan.integrities && {
      integrities: scan.integrities.map((each) => ({ ...place(each), of: at(each.of) })),
    }),
  };
}
