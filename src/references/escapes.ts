import type { Decode } from './encoding.js';

/** An escape sequence: how long it is as written, and what it means. */
export interface Escape {
  readonly length: number;
  /** Empty for a continued line; `undefined` where the characters stand for themselves. */
  readonly text: string | undefined;
}

/** Reads the escape sequence whose sign, such as a backslash, stands at an index. */
export type ReadEscape = (latin1: string, index: number) => Escape;

/** A text with its escape sequences undone. */
export interface Unescaped {
  /** The text it means; `undefined` where its bytes are invalid in the file's encoding. */
  readonly value: string | undefined;
  /** The same with one character for each byte that was not escaped: for finding ASCII characters in. */
  readonly shape: string;
  /** Where a character of `shape` begins in the text as written; for its length, where the last one ends. */
  offsetOf(index: number): number;
}

/**
 * Undoes the escape sequences of a text given as Latin-1, one character a byte.
 *
 * @param decode of the file's encoding: bytes that are not escaped are decoded by it, escapes are Unicode
 * @param sign what an escape sequence begins with
 */
export function unescapeText(latin1: string, readEscape: ReadEscape, decode: Decode, sign = '\\'): Unescaped {
  if (!latin1.includes(sign)) return { value: decode(latin1), shape: latin1, offsetOf: (index) => index };
  const offsets: number[] = [];
  const values: (string | undefined)[] = [];
  let shape = '';
  let run = '';
  // A backslash at the very end, where the file breaks off, would escape what is inserted after it.
  let end = 0;
  for (let i = 0; i < latin1.length; ) {
    const found = latin1[i] === sign ? readEscape(latin1, i) : undefined;
    const text = found ? found.text : latin1[i]!;
    if (found && text !== undefined) {
      values.push(decode(run), text);
      run = '';
    } else run += text ?? '';
    for (const character of text ?? '') {
      shape += character;
      for (let unit = 0; unit < character.length; unit++) offsets.push(i);
    }
    i += found?.length ?? 1;
    if (text !== '') end = i;
  }
  values.push(decode(run));
  const value = values.includes(undefined) ? undefined : values.join('');
  return { value, shape, offsetOf: (index) => offsets[index] ?? end };
}
