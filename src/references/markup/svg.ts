import { Tokenizer } from 'htmlparser2';
import { scanCss, scanStyleAttribute } from '../css/css.js';
import { joinedProperties, scanText } from '../embedded.js';
import {
  bomLength,
  type Decode,
  decoderFor,
  encodingWarning,
  otherThanUtf8,
  utf16Warning,
  xmlEncoding,
} from '../encoding.js';
import { placedText, unescapeText } from '../escapes.js';
import { scanJavaScript } from '../javascript/javascript.js';
import { addReference, emptyScan, type Findings, toScan } from '../make-reference.js';
import type { CustomProperties, ReferenceKind, Scan, Scanner } from '../reference.js';
import { hasUnknownEntity, readXmlReference } from './character-references.js';
import { type AttributeMeaning, attributeMeaning, isScriptType, srcsetUrls } from './html-attributes.js';
import { svgMeaning } from './svg-attributes.js';
import { xmlContent } from './xml-content.js';

/** A file without any of these is not parsed. Icon sets have thousands of them. */
const SIGNS = /href|url\(|URL\(|import|src=/;

/**
 * Finds the references of an SVG file: `href` and `xlink:href` of elements that load a file, `url()` in presentation
 * attributes and style sheets, imports in scripts, `<?xml-stylesheet?>`, and what elements of HTML load in it.
 */
export const scanSvg: Scanner = (bytes) => {
  const encoding = xmlEncoding(bytes);
  const warning = utf16Warning(bytes) ?? encodingWarning(bytes, encoding);
  if (warning) return emptyScan(warning);
  if (!SIGNS.test(bytes.toString('latin1'))) return emptyScan();
  return { ...new SvgScan(bytes, decoderFor(encoding)).result(), ...otherThanUtf8(encoding) };
};

const XHTML = 'http://www.w3.org/1999/xhtml';

/** The range of an attribute's value. */
type Range = readonly [start: number, end: number];

/** An open element. */
interface Open {
  /** Without a prefix such as `svg:`. */
  readonly name: string;
  /** The namespace of elements in it that have no prefix. */
  readonly namespace: string | undefined;
}

class SvgScan {
  readonly #base: number;
  readonly #latin1: string;
  readonly #decode: Decode;
  readonly #findings: Findings = { references: [], skipped: [] };
  readonly #properties: CustomProperties[] = [];
  readonly #open: Open[] = [];
  /** Namespaces of prefixes. A file that gives one prefix two meanings is not worth the bookkeeping. */
  readonly #prefixes = new Map<string, string>();
  #element = '';
  #attribute = '';
  /** The attributes of the current element. The first of a name counts. */
  #attributes = new Map<string, Range>();
  /** The style sheet or script that is open: its scanner, and where its content starts. */
  #content: { readonly scanner: Scanner; readonly start: number; readonly depth: number } | undefined;

  constructor(bytes: Buffer, decode: Decode) {
    this.#base = bomLength(bytes);
    this.#latin1 = bytes.toString('latin1', this.#base);
    this.#decode = decode;
  }

  result(): Scan {
    // Without decoding entities, the tokenizer reports each attribute as written and in one piece.
    const tokenizer = new Tokenizer({ xmlMode: true, decodeEntities: false }, this.#callbacks());
    tokenizer.write(this.#latin1);
    tokenizer.end();
    const customProperties = joinedProperties(this.#properties);
    const scan = toScan(this.#findings);
    return customProperties ? { ...scan, customProperties } : scan;
  }

  #callbacks(): ConstructorParameters<typeof Tokenizer>[1] {
    const ignore = () => {};
    return {
      onopentagname: (start, end) => {
        this.#element = this.#latin1.slice(start, end);
        this.#attributes = new Map();
      },
      onattribname: (start, end) => {
        this.#attribute = this.#latin1.slice(start, end);
      },
      onattribdata: (start, end) => {
        if (!this.#attributes.has(this.#attribute)) this.#attributes.set(this.#attribute, [start, end]);
      },
      onopentagend: (end) => this.#openElement(end + 1),
      onselfclosingtag: () => {
        this.#takeElement();
      },
      onclosetag: (start) => this.#closeElement(start - 2),
      onprocessinginstruction: (start, end) => this.#takeInstruction(start, end),
      ...{ ontext: ignore, ontextentity: ignore, onattribentity: ignore, onattribend: ignore },
      ...{ oncdata: ignore, oncomment: ignore, ondeclaration: ignore, onend: ignore },
    };
  }

  #openElement(contentStart: number): void {
    const element = this.#takeElement();
    this.#open.push(element);
    const scanner = this.#contentScanner(element.name);
    if (scanner) this.#content = { scanner, start: contentStart, depth: this.#open.length };
  }

  #contentScanner(name: string): Scanner | undefined {
    if (name === 'style') return scanCss;
    const isInline = !['src', 'href', 'xlink:href'].some((attribute) => this.#attributes.has(attribute));
    return name === 'script' && isInline && isScriptType(this.#valueOf('type')) ? scanJavaScript : undefined;
  }

  #closeElement(contentEnd: number): void {
    if (this.#content?.depth === this.#open.length) {
      const { scanner, start } = this.#content;
      const content = this.#latin1.slice(start, contentEnd);
      const { text, readEscape } = xmlContent(content);
      this.#addScan(scanText(scanner, placedText(text, this.#base + start, readEscape, '&')));
      this.#content = undefined;
    }
    this.#open.pop();
  }

  /** Takes the attributes of the current element. */
  #takeElement(): Open {
    const colon = this.#element.indexOf(':');
    const name = this.#element.slice(colon + 1);
    for (const attribute of this.#attributes.keys())
      if (attribute.startsWith('xmlns:')) this.#prefixes.set(attribute.slice(6), this.#valueOf(attribute));
    const namespace = this.#attributes.has('xmlns') ? this.#valueOf('xmlns') : this.#open.at(-1)?.namespace;
    const own = colon === -1 ? namespace : this.#prefixes.get(this.#element.slice(0, colon));
    if (own === XHTML) this.#takeHtmlAttributes(name);
    else this.#takeSvgAttributes(name);
    return { name, namespace };
  }

  #takeSvgAttributes(name: string): void {
    const animated = this.#valueOf('attributeName');
    for (const [attribute, range] of this.#attributes)
      this.#takeValue(svgMeaning(name, attribute, animated), 'svg', range);
  }

  #takeHtmlAttributes(name: string): void {
    const values = new Map(Array.from(this.#attributes.keys(), (key) => [key, this.#valueOf(key)]));
    for (const [attribute, range] of this.#attributes)
      this.#takeValue(attributeMeaning(name, attribute, values, {}), 'html', range);
  }

  #takeValue(meaning: AttributeMeaning | undefined, kind: ReferenceKind, [start, end]: Range): void {
    if (meaning === undefined || start === end) return;
    const written = this.#latin1.slice(start, end);
    if (meaning === 'style')
      this.#addScan(scanStyleAttribute(placedText(written, this.#base + start, readXmlReference, '&')));
    else if (meaning === 'srcset')
      for (const [from, to] of srcsetUrls(written)) this.#add(kind, start + from, start + to);
    else if (meaning !== 'csp') this.#add(meaning === 'link' ? `${kind}-link` : kind, start, end);
  }

  #add(kind: ReferenceKind, start: number, end: number): void {
    if (this.#skipUnknown(kind, this.#base + start, this.#base + end)) return;
    const text = unescapeText(this.#latin1.slice(start, end), readXmlReference, this.#decode, '&');
    addReference(this.#findings, kind, [this.#base + start, this.#base + end], text);
  }

  #addScan({ references, skipped, customProperties }: Scan): void {
    // One by one: a spread would pass them all as arguments, which may not fit on the stack.
    for (const each of references)
      if (!this.#skipUnknown(each.kind, each.start, each.end)) this.#findings.references.push(each);
    for (const each of skipped) this.#findings.skipped.push(each);
    if (customProperties) this.#properties.push(customProperties);
  }

  /** Skips a URL with an entity that the file's DTD declares. Returns whether it has one. */
  #skipUnknown(kind: ReferenceKind, start: number, end: number): boolean {
    if (!hasUnknownEntity(this.#latin1.slice(start - this.#base, end - this.#base))) return false;
    this.#findings.skipped.push({ kind, start, end, reason: 'undecodable' });
    return true;
  }

  #valueOf(attribute: string): string {
    const range = this.#attributes.get(attribute);
    return range === undefined ? '' : this.#latin1.slice(...range);
  }

  /** https://www.w3.org/TR/xml-stylesheet/ */
  #takeInstruction(start: number, end: number): void {
    const text = this.#latin1.slice(start, end);
    if (!text.startsWith('xml-stylesheet')) return;
    const href = /\shref\s*=\s*(?:"([^"]*)"|'([^']*)')/d.exec(text);
    const [from, to] = href?.indices?.[1] ?? href?.indices?.[2] ?? [];
    if (from !== undefined && to !== undefined) this.#add('svg', start + from, start + to);
  }
}
