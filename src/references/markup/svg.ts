import { Tokenizer } from 'htmlparser2';
import { scanCss, scanStyleAttribute } from '../css/css.js';
import { scanPart } from '../embedded.js';
import { bomLength, decodeUtf8, utf16Warning } from '../encoding.js';
import { unescapeText } from '../escapes.js';
import { addReference, emptyScan, type Findings, toScan } from '../make-reference.js';
import type { Scanner } from '../reference.js';
import { readXmlReference } from './character-references.js';

/** A file without any of these is not parsed. Icon sets have thousands of them. */
const SIGNS = ['href', 'url(', 'URL(', '@import'];

/**
 * Finds the references of an SVG file: `href` and `xlink:href` of elements that load a file, `url()` in presentation
 * attributes and style sheets, and `<?xml-stylesheet?>`.
 */
export const scanSvg: Scanner = (bytes) => {
  const warning = utf16Warning(bytes);
  if (warning) return emptyScan(warning);
  if (!SIGNS.some((sign) => bytes.includes(sign))) return emptyScan();
  return new SvgScan(bytes).result();
};

class SvgScan {
  readonly #bytes: Buffer;
  readonly #base: number;
  readonly #latin1: string;
  readonly #findings: Findings = { references: [], skipped: [] };
  #element = '';
  #attribute = '';
  /** Start of the current style sheet's content. */
  #styleStart: number | undefined;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
    this.#base = bomLength(bytes);
    this.#latin1 = bytes.toString('latin1', this.#base);
  }

  result() {
    // Without decoding entities, the tokenizer reports each attribute as written and in one piece.
    const tokenizer = new Tokenizer({ xmlMode: true, decodeEntities: false }, this.#callbacks());
    tokenizer.write(this.#latin1);
    tokenizer.end();
    return toScan(this.#findings);
  }

  #callbacks(): ConstructorParameters<typeof Tokenizer>[1] {
    const ignore = () => {};
    return {
      onopentagname: (start, end) => {
        this.#element = this.#latin1.slice(start, end);
      },
      onattribname: (start, end) => {
        this.#attribute = this.#latin1.slice(start, end);
      },
      onattribdata: (start, end) => {
        if (end > start) this.#takeAttribute(start, end);
      },
      onopentagend: (end) => {
        if (localName(this.#element) === 'style') this.#styleStart = end + 1;
      },
      onclosetag: (start) => this.#takeStyle(start - 2),
      onprocessinginstruction: (start, end) => this.#takeInstruction(start, end),
      ...{ onselfclosingtag: ignore, ontext: ignore, ontextentity: ignore },
      ...{ onattribentity: ignore, onattribend: ignore },
      ...{ oncdata: ignore, oncomment: ignore, ondeclaration: ignore, onend: ignore },
    };
  }

  #takeAttribute(start: number, end: number): void {
    if (isSvgHref(localName(this.#element), this.#attribute)) this.#add(start, end);
    else if (isPresentation(this.#attribute)) {
      const text = unescapeText(this.#latin1.slice(start, end), readXmlReference, decodeUtf8, '&');
      for (const each of scanStyleAttribute(text, this.#base + start)) this.#findings.references.push(each);
    }
  }

  #add(start: number, end: number): void {
    const text = unescapeText(this.#latin1.slice(start, end), readXmlReference, decodeUtf8, '&');
    addReference(this.#findings, 'svg', [this.#base + start, this.#base + end], text);
  }

  /** Scans the style sheet as written. Character references outside CDATA are rare; URLs with them are not rewritten. */
  #takeStyle(end: number): void {
    if (this.#styleStart === undefined) return;
    const scan = scanPart(scanCss, this.#bytes, this.#base + this.#styleStart, this.#base + end);
    // One by one: a spread would pass them all as arguments, which may not fit on the stack.
    for (const each of scan.references) this.#findings.references.push(each);
    this.#styleStart = undefined;
  }

  /** https://www.w3.org/TR/xml-stylesheet/ */
  #takeInstruction(start: number, end: number): void {
    const text = this.#latin1.slice(start, end);
    if (!text.startsWith('xml-stylesheet')) return;
    const href = /\shref\s*=\s*(?:"([^"]*)"|'([^']*)')/d.exec(text);
    const [from, to] = href?.indices?.[1] ?? href?.indices?.[2] ?? [];
    if (from !== undefined && to !== undefined) this.#add(start + from, start + to);
  }
}

/** The name without a prefix such as `svg:`. */
function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}

/** Elements whose `href` browsers load. In `a` it is a link for people. https://www.w3.org/TR/SVG2/linking.html */
const LOADING = new Set([
  'image',
  'use',
  'feimage',
  'script',
  'textpath',
  'lineargradient',
  'radialgradient',
  'pattern',
  'filter',
  'mpath',
  'cursor',
]);

/** Attributes whose values are CSS, with `url()`. https://www.w3.org/TR/SVG2/styling.html#PresentationAttributes */
const PRESENTATION = new Set([
  'style',
  'fill',
  'stroke',
  'filter',
  'mask',
  'clip-path',
  'marker',
  'marker-start',
  'marker-mid',
  'marker-end',
  'cursor',
]);

/** Whether an SVG element loads a file by this attribute. Element names may be in any case. */
export function isSvgHref(element: string, attribute: string): boolean {
  return (attribute === 'href' || attribute === 'xlink:href') && LOADING.has(element.toLowerCase());
}

/** Whether the value of an SVG attribute is CSS that may contain `url()`. */
export function isPresentation(attribute: string): boolean {
  return PRESENTATION.has(attribute);
}
