/** A line of a text in UTF-8. */
interface Line {
  readonly start: number;
  /** Where the next one starts. */
  readonly end: number;
  /** Without its newline. */
  readonly bytes: Buffer;
}

/** The line that the byte at an offset is in. */
export type LineAt = (offset: number) => Line;

const NEWLINE = 0x0a;

const QUOTE = 0x22;

const BACKSLASH = 0x5c;

/** The lines of a text in memory. */
export function linesIn(text: Buffer): LineAt {
  return (offset) => {
    const start = offset === 0 ? 0 : text.lastIndexOf(NEWLINE, offset - 1) + 1;
    const newline = text.indexOf(NEWLINE, offset);
    const last = newline === -1 ? text.length : newline;
    return { start, end: Math.min(last + 1, text.length), bytes: text.subarray(start, last) };
  };
}

/** Whether a line is one of an entry: `"key": value`. */
function isEntry({ bytes }: Line): boolean {
  return bytes[0] === QUOTE;
}

/**
 * Looks an entry up in a JSON object that is written with one entry a line, in code-point order.
 *
 * @param from where the first entry starts
 * @param to an end; what stands before it after the last entry does no harm
 * @returns its value; `undefined` where there is none
 */
export function findEntry(lineAt: LineAt, from: number, to: number, key: string): unknown {
  const wanted = Buffer.from(key);
  let low = from;
  let high = to;
  while (low < high) {
    const line = lineAt((low + high) >> 1);
    const order = isEntry(line) ? compareKey(line.bytes, wanted) : 1;
    if (order === 0) return Object.values(entryOf(line.bytes))[0];
    if (order > 0) high = line.start;
    else low = line.end;
  }
  return undefined;
}

/** Compares the key of an entry with another one; the order of UTF-8 is that of code points. */
function compareKey(entry: Buffer, key: Buffer): number {
  for (let index = 0; ; index++) {
    const byte = entry[index + 1];
    if (byte === undefined || byte === BACKSLASH) return Buffer.compare(keyOf(entry), key);
    if (byte === QUOTE) return index - key.length;
    if (index === key.length) return 1;
    if (byte !== key[index]) return byte - key[index]!;
  }
}

function keyOf(entry: Buffer): Buffer {
  return Buffer.from(Object.keys(entryOf(entry))[0]!);
}

function entryOf(entry: Buffer): object {
  return JSON.parse(`{${entry.toString().replace(/,\r?$/, '')}}`);
}

/** A JSON text with a large object in it, of which single entries are looked up. */
export interface LargeJson {
  /** The text, read without what stands in the large object. */
  readonly frame: unknown;
  get(key: string): unknown;
}

/**
 * Reads a JSON text that is laid out as manifests and their details are: one entry a line, in code-point order, between
 * a first line that opens the large object and a line that begins with its end. Only what is looked up is parsed:
 * 50,000 entries as objects would take longer than all else at a server's start, and several times the text's memory.
 *
 * @returns `undefined` for a text that is laid out in another way
 */
export function readLargeJson(text: Buffer): LargeJson | undefined {
  if (text.length === 0) return undefined;
  const lineAt = linesIn(text);
  const first = lineAt(0).end;
  let tail = lineAt(text.length - 1);
  for (let line: Line = tail; line.start >= first && !isEntry(line); line = lineAt(line.start - 1))
    tail = line;
  const frame = parsed(text.toString('utf8', 0, first) + text.toString('utf8', tail.start));
  return frame ? { frame, get: (key) => findEntry(lineAt, first, tail.start, key) } : undefined;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
