/** Compares names by code points, the order of a manifest. UTF-16 order differs above U+FFFF. */
export function compareCodePoints(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x !== y) return codePointOrder(x) - codePointOrder(y);
  }
  return a.length - b.length;
}

/** Returns the names in the order of code points. The engine's order is the same if no name has a surrogate. */
export function sortedByCodePoint(names: Iterable<string>): string[] {
  const sorted = [...names].sort();
  return sorted.some((name) => /[\ud800-\udfff]/.test(name)) ? sorted.sort(compareCodePoints) : sorted;
}

/** Sorts surrogates after the rest of the BMP, as code points and UTF-8 do. */
function codePointOrder(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit;
}
