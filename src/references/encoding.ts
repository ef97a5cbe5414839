import { isAscii } from 'node:buffer';
import type { ScanWarning } from './reference.js';

/** Decodes bytes given as Latin-1 text, one character a byte. Returns `undefined` if they are invalid. */
export type Decode = (latin1: string) => string | undefined;

/**
 * Encodings in which a byte below 0x80 may be the second half of a character. A tokenizer that works byte by byte
 * would take it for a backslash or a quote.
 */
const ASCII_IN_TRAIL = new Set(['shift_jis', 'gbk', 'gb18030', 'big5', 'euc-kr', 'euc-jp', 'iso-2022-jp']);

const NON_ASCII = /[^\0-\x7f]/;
const CHARSET = /^@charset "([^"]*)";/;
const META_CHARSET = /<meta\b[^>]*?\bcharset\s*=\s*["']?\s*([^\s"'/>;]+)/i;
const XML_DECLARATION = /^<\?xml\b[^>]*?\bencoding\s*=\s*["']([^"']+)["']/;
const BOM_LENGTH = 3;

/** Returns the decoder for an encoding label of browsers, such as `latin1` or `utf-8`. */
export function decoderFor(label: string): Decode {
  let decoder: InstanceType<typeof TextDecoder> | undefined;
  return (latin1) => {
    if (!NON_ASCII.test(latin1)) return latin1;
    decoder ??= new TextDecoder(label, { fatal: true, ignoreBOM: true });
    try {
      return decoder.decode(Buffer.from(latin1, 'latin1'));
    } catch {
      return undefined;
    }
  };
}

/** Decodes UTF-8. */
export const decodeUtf8 = decoderFor('utf-8');

/** The length of the file's UTF-8 byte order mark: 3 bytes, or 0 if there is none. */
export function bomLength(bytes: Buffer): number {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? BOM_LENGTH : 0;
}

/**
 * Returns a part of a file as text. A byte that is invalid in its encoding becomes U+FFFD.
 *
 * @param encoding a label of `TextDecoder` (default: UTF-8)
 */
export function decodedText(bytes: Buffer, start: number, end: number, encoding?: string): string {
  if (encoding === undefined) return bytes.toString('utf8', start, end);
  return new TextDecoder(encoding, { ignoreBOM: true }).decode(bytes.subarray(start, end));
}

/** Returns a warning if the file begins with a UTF-16 byte order mark. */
export function utf16Warning(bytes: Buffer): ScanWarning | undefined {
  const mark = bytes.length < 2 ? 0 : bytes.readUInt16BE(0);
  if (mark !== 0xfeff && mark !== 0xfffe) return undefined;
  return {
    code: 'utf-16',
    message: 'not rewritten: the file is encoded in UTF-16. Save it as UTF-8',
  };
}

/**
 * The encoding of a style sheet: its byte order mark, else `@charset`, else UTF-8.
 * https://drafts.csswg.org/css-syntax/#input-byte-stream
 */
export function cssEncoding(bytes: Buffer): string {
  return declaredEncoding(bytes, CHARSET);
}

/**
 * The encoding of an HTML page: its byte order mark, else `<meta charset>` in the first 1024 bytes, else UTF-8.
 * https://html.spec.whatwg.org/#prescan-a-byte-stream-to-determine-its-encoding
 */
export function htmlEncoding(bytes: Buffer): string {
  return declaredEncoding(bytes, META_CHARSET);
}

/** The encoding of an XML file: its byte order mark, else its declaration, else UTF-8. */
export function xmlEncoding(bytes: Buffer): string {
  // Most icons have no declaration.
  const isDeclared = bytes[0] === 0x3c && bytes[1] === 0x3f; // <?
  return isDeclared ? declaredEncoding(bytes, XML_DECLARATION) : 'utf-8';
}

/** Returns the encoding for {@link Scan.encoding}, which leaves out the usual one. */
export function otherThanUtf8(encoding: string): { readonly encoding?: string } {
  return encoding === 'utf-8' ? {} : { encoding };
}

function declaredEncoding(bytes: Buffer, declaration: RegExp): string {
  if (bomLength(bytes) > 0) return 'utf-8';
  const label = declaration.exec(bytes.toString('latin1', 0, 1024))?.[1];
  if (label === undefined) return 'utf-8';
  try {
    const { encoding } = new TextDecoder(label);
    // The declaration was read as ASCII, so a label of UTF-16 is wrong.
    return encoding.startsWith('utf-16') ? 'utf-8' : encoding;
  } catch {
    return 'utf-8';
  }
}

/** Returns a warning if a tokenizer cannot read the encoding byte by byte. */
export function encodingWarning(bytes: Buffer, encoding: string): ScanWarning | undefined {
  if (!ASCII_IN_TRAIL.has(encoding) || (isAscii(bytes) && encoding !== 'iso-2022-jp')) return undefined;
  return {
    code: 'encoding',
    message: `not rewritten: the file is encoded in ${encoding}. Save it as UTF-8`,
  };
}
