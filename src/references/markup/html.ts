import { type DefaultTreeAdapterTypes, parse } from 'parse5';
import { bomLength, utf16Warning } from '../encoding.js';
import type { Scan, Scanner } from '../reference.js';
import { HtmlFindings } from './html-elements.js';

type Node = DefaultTreeAdapterTypes.Node;

type Element = DefaultTreeAdapterTypes.Element;

const NOTHING = { references: [], skipped: [] };

/**
 * Finds the references of an HTML page: what its elements load, in attributes, style sheets, scripts and import maps
 * (docs/references.md). A page with `<base href>` is left as it is: its URLs do not hang from its own place.
 */
export const scanHtml: Scanner = (bytes) => {
  const warning = utf16Warning(bytes);
  if (warning) return { ...NOTHING, warnings: [warning] };
  const base = bomLength(bytes);
  const document = parse(bytes.toString('latin1', base), {
    sourceCodeLocationInfo: true,
    scriptingEnabled: false, // else what stands in <noscript> would be text
  });
  return scanDocument(document, new HtmlFindings(bytes, base));
};

function scanDocument(document: Node, findings: HtmlFindings): Scan {
  const waiting: Node[] = [document];
  // Without recursion: elements may be nested deeper than the stack.
  for (let node = waiting.pop(); node; node = waiting.pop()) {
    if ('tagName' in node) {
      if (node.tagName === 'base' && node.attrs.some(({ name }) => name === 'href')) return withBase();
      findings.takeElement(node as Element);
    }
    if ('content' in node) waiting.push(node.content);
    // One by one: a spread has as many arguments as there are siblings, and the stack holds some 120,000.
    if ('childNodes' in node) for (const child of node.childNodes.toReversed()) waiting.push(child);
  }
  return findings.result();
}

function withBase(): Scan {
  const message =
    'it has <base href>, so that its references hang from elsewhere; leave it out to have them rewritten';
  return { ...NOTHING, warnings: [{ code: 'base-href', message }] };
}
