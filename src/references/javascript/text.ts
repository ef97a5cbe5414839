import { isAscii } from 'node:buffer';
import { bomLength } from '../encoding.js';
import type { Escape } from '../escapes.js';

const SPACE = 0x20;

/** The white space of JavaScript that is not ASCII, as UTF-8. https://tc39.es/ecma262/#sec-white-space */
const WIDE_SPACE = /\xc2\xa0|\xe1\x9a\x80|\xe2\x80[\x80-\x8a\xaf]|\xe2\x81\x9f|\xe3\x80\x80|\xef\xbb\xbf/g;

const WIDE_NEWLINE = /\xe2\x80[\xa8\xa9]/g;

const ABOVE_ASCII = /[\x80-\xff]+/g;

/** Stands for a byte that is part of a name or a text. */
const LETTER = '\xc0';

const HASHBANG = /^#![^\n\r]*/;

/**
 * What U+2028 and U+2029 become, three bytes like themselves. As newlines they end a comment and may stand between
 * tokens, yet not in a string, where they are allowed; as a continued line they may stand in a string and end a
 * comment, yet not stand between tokens.
 */
export type WideNewline = '\n\n\n' | '\\\r\n';

/**
 * A script as one character a byte, for a lexer that knows only ASCII: what is white space, a line's end or a
 * letter in UTF-8 is that in the result, and the byte order mark and the line for the shell are blank.
 */
export function lexable(bytes: Buffer, wideNewline: WideNewline): string {
  const bom = bomLength(bytes);
  const latin1 = bytes.toString('latin1');
  const text = isAscii(bytes) ? latin1 : narrow(latin1, wideNewline);
  const hashbang = bytes[bom] === 0x23 ? (HASHBANG.exec(text.slice(bom))?.[0].length ?? 0) : 0;
  return hashbang === 0 ? text : ' '.repeat(bom + hashbang) + text.slice(bom + hashbang);
}

/** Only the runs of bytes above ASCII are looked into, which makes this one pass over a long text. */
function narrow(latin1: string, wideNewline: WideNewline): string {
  return latin1.replace(ABOVE_ASCII, (run) =>
    run
      .replace(WIDE_SPACE, (space) => ' '.repeat(space.length))
      .replace(WIDE_NEWLINE, wideNewline)
      .replace(ABOVE_ASCII, (letters) => LETTER.repeat(letters.length)),
  );
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

/** A JavaScript escape in a string or template. https://tc39.es/ecma262/#prod-EscapeSequence */
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

/** The first index at or after `from` where neither white space nor a comment stands, searched up to `limit`. */
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

/** The index after all of the given texts, white space and comments allowed before each; -1 if they are not there. */
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

/** The end of the string, or of the template without substitutions, that begins at `start`; -1 if none does. */
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
