/** The URLs of a `srcset`, as ranges of it. https://html.spec.whatwg.org/#parsing-a-srcset-attribute */
export function srcsetUrls(srcset: string): readonly (readonly [start: number, end: number])[] {
  const urls: (readonly [number, number])[] = [];
  let at = 0;
  for (;;) {
    while (at < srcset.length && /[\s,]/.test(srcset[at]!)) at++;
    if (at === srcset.length) return urls;
    const start = at;
    while (at < srcset.length && !/\s/.test(srcset[at]!)) at++;
    let end = at;
    while (srcset[end - 1] === ',') end--;
    urls.push([start, end]);
    // Commas right after the URL end the candidate; else its descriptors do.
    if (end === at) at = descriptorsEnd(srcset, at);
  }
}

function descriptorsEnd(srcset: string, from: number): number {
  let depth = 0;
  for (let at = from; at < srcset.length; at++) {
    const character = srcset[at];
    if (character === '(') depth++;
    else if (character === ')') depth = Math.max(0, depth - 1);
    else if (character === ',' && depth === 0) return at + 1;
  }
  return srcset.length;
}
