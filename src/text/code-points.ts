/** The order of code points, in which the names in a manifest stand. (UTF-16 order differs above U+FFFF.) */
export function compareCodePoints(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x !== y) return codePointOrder(x) - codePointOrder(y);
  }
  return a.length - b.length;
}

/** The names in the order of code points. Where no name has a surrogate, the engine's own order is the same, and fast. */
export function sortedByCodePoint(names: Iterable<string>): string[] {
  const sorted = [...names].sort();
  return sorted.some((name) => /[\ud800-\udfff]/.test(name)) ? sorted.sort(compareCodePoints) : sorted;
}

/** Lifts surrogates over the rest of the BMP, as UTF-8 and code points order them. */
function codePointOrder(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit;
}
