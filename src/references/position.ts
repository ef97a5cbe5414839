import { bomLength, decodedText } from './encoding.js';

/** A position in a file, as editors count: from 1, columns in characters. */
export interface Position {
  readonly line: number;
  readonly column: number;
  /** The text of the line. A long line is shortened around the position. */
  readonly text: string;
}

const NEWLINE = 10;
const SHOWN_BEFORE = 40;
const SHOWN = 100;

/**
 * Returns the positions of byte offsets. Reads the bytes once, however long a line is.
 *
 * @param offsets in ascending order
 * @param encoding of the file, as a label of `TextDecoder`
 */
export function positionsOf(
  bytes: Buffer,
  offsets: readonly number[],
  encoding?: string,
): readonly Position[] {
  let line = 1;
  let start = bomLength(bytes);
  let end = endOfLine(bytes, 0);
  let counted = start;
  let column = 1;
  return offsets.map((offset) => {
    for (; end < offset; end = endOfLine(bytes, start)) {
      line++;
      start = counted = end + 1;
      column = 1;
    }
    // A problem of the whole file is at 0, before its byte order mark.
    const at = Math.max(counted, offset);
    column += decodedText(bytes, counted, at, encoding).length;
    counted = at;
    return { line, column, text: shownLine(bytes, start, at, end, encoding) };
  });
}

function endOfLine(bytes: Buffer, from: number): number {
  const newline = bytes.indexOf(NEWLINE, from);
  return newline === -1 ? bytes.length : newline;
}

function shownLine(
  bytes: Buffer,
  start: number,
  offset: number,
  end: number,
  encoding: string | undefined,
): string {
  const from = Math.max(start, offset - SHOWN_BEFORE);
  const to = Math.min(end, from + SHOWN);
  const text = decodedText(bytes, from, to, encoding)
    .replace(/[\p{Cc}\uFFFD]+/gu, ' ')
    .trim();
  return `${from > start ? '…' : ''}${text}${to < end ? '…' : ''}`;
}
