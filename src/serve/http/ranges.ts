/** Bytes from `start` to `end`, both included. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/** More ranges are an attack or a mistake. https://www.rfc-editor.org/rfc/rfc9110#section-17.15 */
const MAX_RANGES = 32;

/**
 * Reads a Range header.
 *
 * @param size bytes of the representation
 * @returns the ranges, with those that overlap or touch merged; `[]` if none can be satisfied; `undefined` if the header
 *   must be ignored: another unit, malformed, or too many ranges
 */
export function parseRange(header: string, size: number): readonly ByteRange[] | undefined {
  const [, list] = /^bytes=(.*)$/is.exec(header) ?? [];
  const specs = list?.split(',').map((each) => each.trim());
  if (specs === undefined || specs.length > MAX_RANGES) return undefined;
  const ranges: ByteRange[] = [];
  for (const spec of specs) {
    if (spec === '') continue; // https://www.rfc-editor.org/rfc/rfc9110#section-5.6.1.2
    const range = parseSpec(spec, size);
    if (range === undefined) return undefined;
    if (range.start <= range.end) ranges.push(range);
  }
  if (specs.every((spec) => spec === '')) return undefined;
  return combined(ranges);
}

function parseSpec(spec: string, size: number): ByteRange | undefined {
  const [, first, last] = /^(\d*)-(\d*)$/.exec(spec) ?? [];
  if (first === undefined || last === undefined || (first === '' && last === '')) return undefined;
  if (first === '') return { start: Math.max(0, size - Number(last)), end: size - 1 };
  if (last !== '' && Number(last) < Number(first)) return undefined;
  return { start: Number(first), end: last === '' ? size - 1 : Math.min(Number(last), size - 1) };
}

/** Merges ranges that overlap or touch. Without such, they keep the requested order. */
function combined(ranges: readonly ByteRange[]): readonly ByteRange[] {
  if (ranges.length < 2) return ranges;
  const sorted = ranges.toSorted((a, b) => a.start - b.start);
  const merged: { start: number; end: number }[] = [];
  for (const { start, end } of sorted) {
    const last = merged.at(-1);
    if (last === undefined || start > last.end + 1) merged.push({ start, end });
    else last.end = Math.max(last.end, end);
  }
  return merged.length === ranges.length ? ranges : merged;
}
