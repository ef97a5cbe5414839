import type { ReadEscape } from '../escapes.js';
import { readXmlReference } from './character-references.js';

/** A comment, or a section in which character references are literal. https://www.w3.org/TR/xml/#sec-cdata-sect */
const MARKUP = /<!--[\s\S]*?-->|<!\[CDATA\[[\s\S]*?\]\]>/g;

const CDATA_START = '<![CDATA['.length;
const CDATA_END = ']]>'.length;

/** The text of an element of XML, and how to read the character references in it. */
interface XmlContent {
  /** Of the same length as the content: comments and the marks of CDATA sections are blank. */
  readonly text: string;
  readonly readEscape: ReadEscape;
}

/** Reads the content between two tags of XML. */
export function xmlContent(latin1: string): XmlContent {
  /** The ranges of CDATA sections. */
  const literal: (readonly [start: number, end: number])[] = [];
  const text = latin1.replace(MARKUP, (markup, index: number) => {
    if (markup.startsWith('<!--')) return blank(markup);
    literal.push([index, index + markup.length]);
    const inside = markup.slice(CDATA_START, -CDATA_END);
    return `${' '.repeat(CDATA_START)}${inside}${' '.repeat(CDATA_END)}`;
  });
  let next = 0;
  return {
    text,
    // Called in the order of the text.
    readEscape(written, index) {
      while (next < literal.length && literal[next]![1] <= index) next++;
      const isLiteral = next < literal.length && literal[next]![0] <= index;
      return isLiteral ? { length: 1, text: '&' } : readXmlReference(written, index);
    },
  };
}

/** Newlines stay: they may end a comment of the other language. */
function blank(text: string): string {
  return text.replace(/[^\n\r]/g, ' ');
}
