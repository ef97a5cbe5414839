import type { Escape } from '../escapes.js';

const HEX_ESCAPE = /\\([0-9a-f]{1,6})(?:\r\n|[ \t\n\r\f])?/iy;

const NEWLINE = /\\(?:\r\n|[\n\r\f])/y;

const REPLACEMENT = '\ufffd';

const WHITE_SPACE = ' \t\n\r\f';

/** Reads a CSS escape. https://drafts.csswg.org/css-syntax/#consume-escaped-code-point */
export function readCssEscape(latin1: string, index: number): Escape {
  HEX_ESCAPE.lastIndex = index;
  const hex = HEX_ESCAPE.exec(latin1);
  if (hex) return { length: hex[0].length, text: characterOf(Number.parseInt(hex[1]!, 16)) };
  NEWLINE.lastIndex = index;
  const newline = NEWLINE.exec(latin1);
  if (newline) return { length: newline[0].length, text: '' };
  return escapedCharacter(latin1, index);
}

/** Before any other character a backslash only quotes. The bytes of a character above ASCII must be decoded together. */
function escapedCharacter(latin1: string, index: number): Escape {
  const next = latin1.charAt(index + 1);
  return next >= '\x80' ? { length: 1, text: undefined } : { length: 2, text: next };
}

function characterOf(code: number): string {
  const invalid = code === 0 || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff);
  return invalid ? REPLACEMENT : String.fromCodePoint(code);
}

/** The range between the quotes of a string token. At the end of the file the closing quote may be missing. */
export function stringContent(token: string): readonly [start: number, end: number] {
  const quote = token[0]!;
  const closed = token.length > 1 && token.endsWith(quote) && !isEscaped(token, token.length - 1);
  return [1, closed ? token.length - 1 : token.length];
}

/** The range between the parentheses of a url token, without the white space around the URL. */
export function urlContent(token: string): readonly [start: number, end: number] {
  let start = token.indexOf('(') + 1;
  let end = token.length;
  if (end > start && token.endsWith(')') && !isEscaped(token, end - 1)) end--;
  while (start < end && WHITE_SPACE.includes(token[start]!)) start++;
  while (end > start && WHITE_SPACE.includes(token[end - 1]!)) end--;
  return [start, includeTerminator(token, start, end)];
}

/** A white space that ends a hexadecimal escape belongs to it: `url(\61 )`. */
function includeTerminator(token: string, start: number, end: number): number {
  const backslash = token.lastIndexOf('\\', end - 1);
  if (backslash < start || isEscaped(token, backslash)) return end;
  return Math.min(token.length, Math.max(end, backslash + readCssEscape(token, backslash).length));
}

/** Whether the character is escaped: an odd number of backslashes precedes it. */
function isEscaped(token: string, index: number): boolean {
  let before = index;
  while (token[before - 1] === '\\') before--;
  return (index - before) % 2 === 1;
}
