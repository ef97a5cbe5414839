import { isAscii } from 'node:buffer';
import { bomLength } from '../encoding.js';
import type { Escape } from '../escapes.js';

const SPACE = 0x20;

/** JavaScript's white space above ASCII, as UTF-8. https://tc39.es/ecma262/#sec-white-space */
const WIDE_SPACE = /\xc2\xa0|\xe1\x9a\x80|\xe2\x80[\x80-\x8a\xaf]|\xe2\x81\x9f|\xe3\x80\x80|\xef\xbb\xbf/g;

const WIDE_NEWLINE = /\xe2\x80[\xa8\xa9]/g;

const ABOVE_ASCII = /[\x80-\xff]+/g;

/** An escaped character. In a name (`\u{61}`), the lexer reads it as a sign, and passes over the export or import. */
const UNICODE_ESCAPE = /\\u(?:[0-9a-f]{4}|\{[0-9a-f]+\})/gi;

/** Replaces a byte or escape that is part of a name or a string. */
const LETTER = '\xc0';

const HASHBANG = /^#![^\n\r]*/;

/**
 * The replacement of U+2028 and U+2029, which have three bytes too. The lexer knows neither, and no replacement is right
 * everywhere:
 * - Newlines end a comment and may separate tokens, but are an error in a string, where both are allowed.
 * - A continued line ends a comment and is valid in a string, but not between tokens.
 */
export type WideNewline = '\n\n\n' | '\\\r\n';

/**
 * Returns a script with one character a byte, for a lexer that knows only ASCII. Each byte above ASCII becomes white
 * space, a newline or a letter, as in UTF-8, and each `\u` escape becomes letters, as it is one. The byte order mark and
 * the `#!` line become blank.
 */
export function lexable(bytes: Buffer, wideNewline: WideNewline): string {
  const bom = bomLength(bytes);
  const latin1 = bytes.toString('latin1');
  const ascii = isAscii(bytes) ? latin1 : narrow(latin1, wideNewline);
  const text = ascii.includes('\\u') ? ascii.replace(UNICODE_ESCAPE, lettersFor) : ascii;
  const hashbang = bytes[bom] === 0x23 ? (HASHBANG.exec(text.slice(bom))?.[0].length ?? 0) : 0;
  return hashbang === 0 ? text : ' '.repeat(bom + hashbang) + text.slice(bom + hashbang);
}

/** Looks only into the runs of bytes above ASCII, which makes this one pass over a long text. */
function narrow(latin1: string, wideNewline: WideNewline): string {
  return latin1.replace(ABOVE_ASCII, (run) =>
    run
      .replace(WIDE_SPACE, (space) => ' '.repeat(space.length))
      .replace(WIDE_NEWLINE, wideNewline)
      .replace(ABOVE_ASCII, lettersFor),
  );
}

function lettersFor(text: string): string {
  return LETTER.repeat(text.length);
}

const SIMPLE: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  b: '\b',
  f: '\f',
  v: '\v',
  0: '\0',
};

const CODE = /\\(?:x([0-9a-f]{2})|u([0-9a-f]{4})|u\{([0-9a-f]+)\})/iy;

const CONTINUED_LINE = /\\(?:\r\n|[\n\r]|\xe2\x80[\xa8\xa9])/y;

/** Reads a JavaScript escape in a string or template. https://tc39.es/ecma262/#prod-EscapeSequence */
export function readJavaScriptEscape(latin1: string, index: number): Escape {
  CODE.lastIndex = index;
  const code = CODE.exec(latin1);
  if (code) {
    const value = Number.parseInt((code[1] ?? code[2] ?? code[3])!, 16);
    return { length: code[0].length, text: value > 0x10ffff ? '\ufffd' : String.fromCodePoint(value) };
  }
  CONTINUED_LINE.lastIndex = index;
  const line = CONTINUED_LINE.exec(latin1);
  if (line) return { length: line[0].length, text: '' };
  const next = latin1.charAt(index + 1);
  return next >= '\x80' ? { length: 1, text: undefined } : { length: 2, text: SIMPLE[next] ?? next };
}

/** The first index from `from` on that is neither white space nor in a comment; `limit` if there is none before it. */
export function skipTrivia(text: string, from: number, limit = text.length): number {
  let index = from;
  while (index < limit) {
    const code = text.charCodeAt(index);
    if (code === SPACE || (code >= 9 && code <= 13)) index++;
    else if (text.startsWith('//', index)) index = endOf(text, '\n', index, limit);
    else if (text.startsWith('/*', index)) index = endOf(text, '*/', index, limit);
    else return index;
  }
  return limit;
}

function endOf(text: string, mark: string, from: number, limit: number): number {
  const window = limit < text.length ? text.slice(from, limit) : text;
  const found = window.indexOf(mark, window === text ? from + 2 : 2);
  if (found === -1) return limit;
  return found + mark.length + (window === text ? 0 : from);
}

/** The index after the given texts, with white space and comments allowed before each; -1 if they do not match. */
export function matchTexts(
  text: string,
  from: number,
  expected: readonly string[],
  limit = text.length,
): number {
  let index = from;
  for (const part of expected) {
    index = skipTrivia(text, index, limit);
    if (!text.startsWith(part, index)) return -1;
    index += part.length;
  }
  return index;
}

/** The end of the string or template at `start`; -1 if there is none, or the template has substitutions. */
export function literalEnd(text: string, start: number): number {
  const quote = text[start];
  if (quote !== '"' && quote !== "'" && quote !== '`') return -1;
  for (let i = start + 1; i < text.length; i++) {
    if (text[i] === quote) return i + 1;
    if (text[i] === '\\') i++;
    else if (quote === '`' && text.startsWith('${', i)) return -1;
  }
  return -1;
}
