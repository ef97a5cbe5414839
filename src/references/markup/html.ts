import { type DefaultTreeAdapterTypes, parse } from 'parse5';
import {
  bomLength,
  decoderFor,
  encodingWarning,
  htmlEncoding,
  otherThanUtf8,
  utf16Warning,
} from '../encoding.js';
import { emptyScan } from '../make-reference.js';
import type { Scan, Scanner } from '../reference.js';
import type { ExtraAttributes } from './html-attributes.js';
import { HtmlFindings } from './html-elements.js';

type Node = DefaultTreeAdapterTypes.Node;

type Element = DefaultTreeAdapterTypes.Element;

/**
 * Finds the references of an HTML page: what its elements load, in attributes, style sheets, scripts and import maps
 * (docs/references.md). Leaves a page with `<base href>` alone, because its URLs are not relative to the page.
 */
export const scanHtml: Scanner = htmlScanner({});

/** Returns the scanner of HTML pages that finds URLs in further attributes: `{ img: ['data-src'] }`. */
export function htmlScanner(extra: ExtraAttributes): Scanner {
  return (bytes) => {
    const encoding = htmlEncoding(bytes);
    const warning = utf16Warning(bytes) ?? encodingWarning(bytes, encoding);
    if (warning) return emptyScan(warning);
    const base = bomLength(bytes);
    const document = parse(bytes.toString('latin1', base), {
      sourceCodeLocationInfo: true,
      scriptingEnabled: false, // otherwise the content of <noscript> would be text
    });
    const findings = new HtmlFindings(bytes, base, decoderFor(encoding), extra);
    return { ...scanDocument(document, findings), ...otherThanUtf8(encoding) };
  };
}

function scanDocument(document: Node, findings: HtmlFindings): Scan {
  const waiting: Node[] = [document];
  // No recursion: elements may be nested deeper than the stack.
  for (let node = waiting.pop(); node; node = waiting.pop()) {
    if ('tagName' in node) {
      if (node.tagName === 'base' && node.attrs.some(({ name }) => name === 'href')) return withBase();
      findings.takeElement(node as Element);
    }
    if ('content' in node) waiting.push(node.content);
    // One by one: a spread would pass an argument per sibling, and the stack holds about 120,000.
    if ('childNodes' in node) for (const child of node.childNodes.toReversed()) waiting.push(child);
  }
  return findings.result();
}

function withBase(): Scan {
  const message =
    'not rewritten: <base href> changes what relative URLs resolve to. Remove it to have them rewritten';
  return emptyScan({ code: 'base-href', message });
}
