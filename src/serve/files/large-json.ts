import { findEntry, isEntry, type Line, linesIn } from './entry-lines.js';

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
