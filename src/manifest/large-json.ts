import { isRecord } from '../text/json.js';

/** A JSON object of which one property is large; entries of that property are parsed when they are looked up. */
export interface LargeJson {
  /** The object with its large property empty. */
  readonly frame: Readonly<Record<string, unknown>>;
  /** Returns an entry of the large property. */
  get(key: string): unknown;
}

/**
 * Reads a JSON text with the layout of manifests and their details: a first line that opens the large object, then one
 * entry a line in code-point order, then a line that begins with the object's end.
 *
 * Parsing 50,000 entries would take longer than the rest of a server's start, and several times the text's memory.
 *
 * @returns `undefined` for a text with another layout
 */
export function readLargeJson(text: Buffer): LargeJson | undefined {
  if (text.length === 0) return undefined;
  const lineAt = linesIn(text);
  const first = lineAt(0).end;
  let tail = lineAt(text.length - 1);
  for (let line: Line = tail; line.start >= first && !isEntry(line); line = lineAt(line.start - 1))
    tail = line;
  const frame = parsed(text.toString('utf8', 0, first) + text.toString('utf8', tail.start));
  return isRecord(frame) ? { frame, get: (key) => findEntry(lineAt, first, tail.start, key) } : undefined;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A line of a text in UTF-8. */
interface Line {
  readonly start: number;
  /** Start of the next line. */
  readonly end: number;
  /** Without the newline. */
  readonly bytes: Buffer;
}

/** Returns the line that contains the byte at an offset. */
export type LineAt = (offset: number) => Line;

const NEWLINE = 0x0a;

const QUOTE = 0x22;

const BACKSLASH = 0x5c;

/** Returns a function that finds lines in a text in memory. */
export function linesIn(text: Buffer): LineAt {
  return (offset) => {
    const start = offset === 0 ? 0 : text.lastIndexOf(NEWLINE, offset - 1) + 1;
    const newline = text.indexOf(NEWLINE, offset);
    const last = newline === -1 ? text.length : newline;
    return { start, end: Math.min(last + 1, text.length), bytes: text.subarray(start, last) };
  };
}

/**
 * Searches a JSON object, written with one entry a line in code-point order, for the value of a key.
 *
 * @param from start of the first entry
 * @param to end of the search; lines before it that are not entries are ignored
 * @returns `undefined` if the object does not have the key
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

/** Whether a line is an entry: `"key": value`. */
function isEntry({ bytes }: Line): boolean {
  return bytes[0] === QUOTE;
}

/** Compares an entry's key with another one. UTF-8 sorts like code points. */
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
