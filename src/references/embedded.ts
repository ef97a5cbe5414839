import type { PlacedText } from './escapes.js';
import type { CustomProperties, Scan, Scanner } from './reference.js';

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
 * Scans a style sheet or script whose text is escaped by the language around it.
 *
 * @returns the findings, with offsets in the file
 */
export function scanText(scanner: Scanner, { bytes, offsetOf }: PlacedText): Scan {
  return moved(scanner(bytes), offsetOf);
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
    ...(scan.customProperties && { customProperties: scan.customProperties }),
  };
}

/** Joins the custom properties of the parts of a file; `undefined` if there are none. */
export function joinedProperties(parts: readonly CustomProperties[]): CustomProperties | undefined {
  if (parts.length < 2) return parts[0];
  const passes = new Map(parts.flatMap((part) => part.passes.map((pass) => [pass.join(' '), pass] as const)));
  return {
    uses: [...new Set(parts.flatMap(({ uses }) => uses))],
    passes: [...passes.values()],
    typed: [...new Set(parts.flatMap(({ typed }) => typed))],
  };
}
