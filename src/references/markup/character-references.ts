import { decodeHTMLAttribute, decodeXML } from 'entities';
import type { ReadEscape } from '../escapes.js';

/** A possible character reference: `&amp;`, `&#x2f;`, or in HTML `&amp`. The longest name has 31 letters. */
const CHARACTER_REFERENCE = /&(?:#[xX]?[\da-fA-F]+;?|[a-zA-Z][a-zA-Z\d]{0,31};?)/y;

/** Reads a character reference of XML. https://www.w3.org/TR/xml/#dt-charref */
export const readXmlReference: ReadEscape = (latin1, index) => read(latin1, index, decodeXML);

/** An entity that XML does not know by itself. https://www.w3.org/TR/xml/#sec-predefined-ent */
const UNKNOWN_ENTITY = /&(?!(?:amp|lt|gt|quot|apos);)[a-zA-Z_:][\w:.-]*;/;

/** Whether a text of XML contains an entity that only a DTD can declare. */
export function hasUnknownEntity(latin1: string): boolean {
  return UNKNOWN_ENTITY.test(latin1);
}

/** Reads a character reference in an attribute of HTML. https://html.spec.whatwg.org/#character-reference-state */
export const readHtmlReference: ReadEscape = (latin1, index) => read(latin1, index, decodeHTMLAttribute);

function read(latin1: string, index: number, decode: (text: string) => string) {
  CHARACTER_REFERENCE.lastIndex = index;
  const written = CHARACTER_REFERENCE.exec(latin1)?.[0];
  if (written === undefined) return { length: 1, text: '&' };
  // In an attribute, a name without its semicolon does not count if `=` or a letter follows.
  const next = latin1[index + written.length] ?? '';
  const decoded = decode(written.endsWith(';') ? written : written + next);
  const text = written.endsWith(';') ? decoded : decoded.slice(0, decoded.length - next.length);
  return text === written ? { length: 1, text: '&' } : { length: written.length, text };
}

/** Finds the character references in an attribute of HTML. Offsets are in the file, like `start`. */
export function htmlReferences(latin1: string, start: number) {
  const found: { readonly start: number; readonly end: number; readonly text: string }[] = [];
  for (let at = latin1.indexOf('&'); at !== -1; ) {
    const { length, text } = readHtmlReference(latin1, at);
    if (length > 1 && text !== undefined) found.push({ start: start + at, end: start + at + length, text });
    at = latin1.indexOf('&', at + length);
  }
  return found;
}
