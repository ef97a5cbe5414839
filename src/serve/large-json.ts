/** A JSON text with a large object in it, of which single entries are looked up. */
export interface LargeJson {
  /** The text, read without what stands in the large object. */
  readonly frame: unknown;
  get(key: string): unknown;
}

const NEWLINE = 0x0a;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/**
 * Reads a JSON text that is laid out as manifests and their details are: one entry a line, in code-point order, between
 * a first line that opens the large object and a line that begins with its end. Only what is looked up is parsed:
 * 50,000 entries as objects would take longer than all else at a server's start, and several times the text's memory.
 *
 * @returns `undefined` for a text that is laid out in another way
 */
export function readLargeJson(bytes: Buffer): LargeJson | undefined {
  const first = bytes.indexOf(NEWLINE) + 1;
  // No entry begins like that: what follows may have lines of its own, as an import map has.
  const last = bytes.indexOf('\n}', first - 1) + 1;
  if (first === 0 || last < first || (last > first && bytes[first] !== QUOTE)) return undefined;
  const frame = parsed(bytes.toString('utf8', 0, first) + bytes.toString('utf8', last));
  return frame ? { frame, get: (key) => findEntry(bytes, first, last, Buffer.from(key)) } : undefined;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A binary search for lines: `low` and `high` are where lines begin. */
function findEntry(bytes: Buffer, first: number, last: number, key: Buffer): unknown {
  let low = first;
  let high = last;
  while (low < high) {
    const start = bytes.lastIndexOf(NEWLINE, (low + high - 1) >> 1) + 1;
    const order = compareKey(bytes, start, key);
    if (order === 0) return valueAt(bytes, start);
    if (order > 0) high = start;
    else low = bytes.indexOf(NEWLINE, start) + 1;
  }
  return undefined;
}

/** Compares the key of the line at `start` with one that is looked for; UTF-8's order is that of code points. */
function compareKey(bytes: Buffer, start: number, key: Buffer): number {
  for (let index = 0; ; index++) {
    const byte = bytes[start + 1 + index]!;
    if (byte === BACKSLASH) return Buffer.compare(unescapedKey(bytes, start), key);
    if (byte === QUOTE) return index - key.length;
    if (index === key.length) return 1;
    if (byte !== key[index]) return byte - key[index]!;
  }
}

function unescapedKey(bytes: Buffer, start: number): Buffer {
  return Buffer.from(Object.keys(entryAt(bytes, start))[0]!);
}

function valueAt(bytes: Buffer, start: number): unknown {
  return Object.values(entryAt(bytes, start))[0];
}

function entryAt(bytes: Buffer, start: number): object {
  const line = bytes.toString('utf8', start, bytes.indexOf(NEWLINE, start));
  return JSON.parse(`{${line.replace(/,\r?$/, '')}}`);
}
