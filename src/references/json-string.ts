import { decoderFor } from './encoding.js';
import { type ReadEscape, type Unescaped, unescapeText } from './escapes.js';

const decodeUtf8 = decoderFor('utf-8');
const ESCAPE = /\\(?:u[\da-fA-F]{4}|["\\/bfnrt])/y;

/** The content of a JSON string, without its quotes, as Latin-1. https://www.rfc-editor.org/rfc/rfc8259#section-7 */
export function unescapeJson(latin1: string): Unescaped {
  return unescapeText(latin1, readEscape, decodeUtf8);
}

const readEscape: ReadEscape = (latin1, index) => {
  ESCAPE.lastIndex = index;
  const written = ESCAPE.exec(latin1)?.[0];
  if (written === undefined) return { length: 1, text: '\\' };
  return { length: written.length, text: JSON.parse(`"${written}"`) as string };
};
