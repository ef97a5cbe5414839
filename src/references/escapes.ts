import type { Decode } from './encoding.js';

/** An escape sequence: its length as written, and its meaning. */
export interface Escape {
  readonly length: number;
  /** Empty for a continued line; `undefined` if the characters are literal. */
  readonly text: string | undefined;
}

/** Reads the escape sequence that begins at an index. */
export type ReadEscape = (latin1: string, index: number) => Escape;

/** A text without its escape sequences. */
export interface Unescaped {
  /** The text; `undefined` if its bytes are invalid in the file's encoding. */
  readonly value: string | undefined;
  /** The text with one character for each byte that was not escaped. For finding ASCII characters. */
  readonly shape: string;
  /** Maps an index in `shape` to the text as written. The length of `shape` maps to the end of the last character. */
  offsetOf(index: number): number;
}

/**
 * Replaces the escape sequences of a text by their meaning.
 *
 * @param latin1 the text, one character a byte
 * @param decode decodes the bytes that are not escaped; escapes are Unicode
 * @param sign the character that begins an escape sequence
 */
export function unescapeText(latin1: string, readEscape: ReadEscape, decode: Decode, sign = '\\'): Unescaped {
  if (!latin1.includes(sign)) return { value: decode(latin1), shape: latin1, offsetOf: (index) => index };
  const offsets: number[] = [];
  const values: (string | undefined)[] = [];
  let shape = '';
  let run = '';
  // Before a backslash at the very end: it would escape a fingerprint inserted after it.
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

/** A text without its escape sequences, in UTF-8, and where its bytes are in the file. */
export interface PlacedText {
  readonly bytes: Buffer;
  /** Maps an index in `bytes` to the file. The length of `bytes` maps to the end of the last character. */
  offsetOf(index: number): number;
}

/**
 * Returns a text in which another language is embedded, without escape sequences of the outer language.
 *
 * @param latin1 the text, one byte of UTF-8 a character
 * @param start byte offset of the text in the file
 * @param sign the character that begins an escape sequence
 */
export function placedText(latin1: string, start: number, readEscape: ReadEscape, sign: string): PlacedText {
  if (!latin1.includes(sign))
    return { bytes: Buffer.from(latin1, 'latin1'), offsetOf: (index) => start + index };
  const pieces: Buffer[] = [];
  /** By index of a byte. The last one is the end of the text. */
  const offsets: number[] = [];
  const take = (piece: Buffer, placeOf: (index: number) => number) => {
    pieces.push(piece);
    for (let index = 0; index < piece.length; index++) offsets.push(start + placeOf(index));
  };
  let end = 0;
  for (let at = 0; at < latin1.length; ) {
    const next = latin1.indexOf(sign, at);
    const from = at;
    const to = next === -1 ? latin1.length : next;
    if (to > from) take(Buffer.from(latin1.slice(from, to), 'latin1'), (index) => from + index);
    if (to > from) end = to;
    if (to === latin1.length) break;
    const { length, text } = readEscape(latin1, to);
    take(text === undefined ? Buffer.from(sign) : Buffer.from(text), () => to);
    at = to + length;
    if (text !== '') end = at;
  }
  offsets.push(start + end);
  return { bytes: Buffer.concat(pieces), offsetOf: (index) => offsets[index]! };
}
