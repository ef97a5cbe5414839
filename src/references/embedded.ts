import type { Unescaped } from './escapes.js';
import type { Scan, Scanner } from './reference.js';

/**
 * Scans a style sheet or script that is embedded in another file.
 *
 * @param start byte offset of its first byte in that file
 * @returns the findings, with offsets in that file
 */
export function scanPart(scanner: Scanner, bytes: Buffer, start: number, end: number): Scan {
  return moved(scanner(bytes.subarray(start, end)), (offset) => start + offset);
}

/**
 * Scans a style sheet in an attribute, whose text the attribute escapes once more.
 *
 * @param start byte offset of the attribute's value in the file
 * @returns the findings, with offsets in the file; `undefined` if they cannot be mapped back
 */
export function scanAttribute(scanner: Scanner, text: Unescaped, start: number): Scan | undefined {
  // An escaped character above Latin-1 is not one byte here, so the offsets after it would be wrong.
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
    warnings: scan.warnings.map((each) =>
      each.offset === undefined ? each : { ...each, offset: at(each.offset) },
    ),
    ...(scan.integrities && {
      integrities: scan.integrities.map((each) => ({ ...place(each), of: at(each.of) })),
    }),
  };
}
