import type { DefaultTreeAdapterTypes, Token } from 'parse5';
import { scanCss, scanStyleAttribute } from '../css/css.js';
import { scanPart } from '../embedded.js';
import { decodeUtf8 } from '../encoding.js';
import { type Unescaped, unescapeText } from '../escapes.js';
import { scanJavaScript } from '../javascript/javascript.js';
import { scanImportMap } from '../json/import-map.js';
import { addReference, byStart, toScan } from '../make-reference.js';
import type { IntegrityValue, Reference, Scan, SkippedReference } from '../reference.js';
import { readHtmlReference } from './character-references.js';
import { attributeMeaning, srcsetUrls } from './html-attributes.js';
import { isPresentation } from './svg.js';

type Element = DefaultTreeAdapterTypes.Element;

const SVG = 'http://www.w3.org/2000/svg';

/** Placeholders that a template engine replaces before a browser sees them. */
const TEMPLATE = /\{\{|\{%|<%|\$\{/;

/** The types of classic and module scripts. https://mimesniff.spec.whatwg.org/#javascript-mime-type */
const SCRIPT_TYPE = /^(?:|module|(?:text|application)\/(?:x-)?(?:java|ecma)script)$/i;

/** Collects the references of an HTML page, element by element. */
export class HtmlFindings {
  readonly #bytes: Buffer;
  readonly #base: number;
  readonly #latin1: string;
  readonly #references = new Map<number, Reference>();
  readonly #skipped = new Map<number, SkippedReference>();
  readonly #integrities = new Map<number, IntegrityValue>();

  /** @param base length of the byte order mark, which the parser's offsets leave out */
  constructor(bytes: Buffer, base: number) {
    this.#bytes = bytes;
    this.#base = base;
    this.#latin1 = bytes.toString('latin1', base);
  }

  takeElement(element: Element): void {
    const { attrs, sourceCodeLocation: location } = element;
    if (!location) return; // an element that the parser added
    const name = element.tagName.toLowerCase();
    const attributes = new Map(attrs.map((attribute) => [fullName(attribute), attribute.value]));
    let url: number | undefined;
    for (const [attribute, place] of Object.entries(location.attrs ?? {})) {
      const start = this.#takeAttribute(element, name, attribute.toLowerCase(), attributes, place);
      url ??= start;
    }
    const integrity = location.attrs?.integrity;
    if (integrity && url !== undefined) this.#addIntegrity(this.#valueRange(integrity), url);
    if (name === 'style') this.#addPart(element, scanCss);
    if (name === 'script' && !attributes.has('src')) this.#takeScript(element, attributes.get('type') ?? '');
  }

  result(): Scan {
    return {
      ...toScan({ references: [...this.#references.values()], skipped: [...this.#skipped.values()] }),
      integrities: [...this.#integrities.values()].sort(byStart),
    };
  }

  /** Returns the start of its URL, if its value is one. */
  #takeAttribute(
    element: Element,
    name: string,
    attribute: string,
    attributes: ReadonlyMap<string, string>,
    place: Token.Location,
  ): number | undefined {
    const presentation = element.namespaceURI === SVG && isPresentation(attribute);
    const meaning = presentation ? 'style' : attributeMeaning(name, attribute, attributes);
    const range = meaning && this.#valueRange(place);
    if (!range || range[0] === range[1]) return undefined;
    const [start, end] = range;
    if (meaning === 'url') {
      this.#addUrl(start, end, name === 'script' || loadsSheetOrModule(name, attributes));
      return start;
    }
    if (meaning === 'srcset') {
      for (const [from, to] of srcsetUrls(this.#written(start, end))) this.#addUrl(start + from, start + to);
    } else for (const each of scanStyleAttribute(this.#unescaped(start, end), start)) this.#add(each);
    return undefined;
  }

  #takeScript(element: Element, type: string): void {
    if (SCRIPT_TYPE.test(type.trim())) this.#addPart(element, scanJavaScript);
    else if (type.trim().toLowerCase() === 'importmap') this.#addPart(element, scanImportMap);
  }

  /** Scans the text between the tags of an element. */
  #addPart(element: Element, scanner: typeof scanCss): void {
    const { startTag, endTag } = element.sourceCodeLocation!;
    if (!startTag) return;
    const end = endTag ? this.#base + endTag.startOffset : this.#bytes.length;
    const scan = scanPart(scanner, this.#bytes, this.#base + startTag.endOffset, end);
    for (const each of scan.references) this.#add(each);
    for (const each of scan.skipped) this.#skipped.set(each.start, each);
    for (const { start, end, of } of scan.integrities ?? []) this.#addIntegrity([start, end], of);
  }

  #addUrl(start: number, end: number, needsFile?: boolean): void {
    const findings = { references: [] as Reference[], skipped: [] as SkippedReference[] };
    if (TEMPLATE.test(this.#written(start, end))) {
      findings.skipped.push({ kind: 'html', start, end, reason: 'computed' });
    } else addReference(findings, 'html', [start, end], this.#unescaped(start, end));
    for (const each of findings.references) this.#add(needsFile ? { ...each, needsFile } : each);
    for (const each of findings.skipped) this.#skipped.set(each.start, each);
  }

  /** Each place counts once: to repair wrong nesting, the parser creates several elements for one tag. */
  #add(reference: Reference): void {
    this.#references.set(reference.start, reference);
  }

  #addIntegrity(range: readonly [start: number, end: number] | undefined, of: number): void {
    if (range === undefined || this.#integrities.has(range[0])) return;
    this.#integrities.set(range[0], { start: range[0], end: range[1], of });
  }

  #written(start: number, end: number): string {
    return this.#latin1.slice(start - this.#base, end - this.#base);
  }

  #unescaped(start: number, end: number): Unescaped {
    return unescapeText(this.#written(start, end), readHtmlReference, decodeUtf8, '&');
  }

  /** The range of an attribute's value, without quotes; `undefined` if it has no value. */
  #valueRange({ startOffset, endOffset }: Token.Location): readonly [start: number, end: number] | undefined {
    const written = this.#latin1.slice(startOffset, endOffset);
    const before = /^[^\s=]+\s*=\s*/.exec(written)?.[0].length;
    if (before === undefined) return undefined;
    const quoted = written[before] === '"' || written[before] === "'" ? 1 : 0;
    const start = this.#base + startOffset + before + quoted;
    return [start, this.#base + endOffset - quoted];
  }
}

/** Whether an element loads a style sheet or a module. */
function loadsSheetOrModule(name: string, attributes: ReadonlyMap<string, string>): boolean {
  return name === 'link' && /\b(?:stylesheet|modulepreload)\b/i.test(attributes.get('rel') ?? '');
}

function fullName({ prefix, name }: Token.Attribute): string {
  return (prefix ? `${prefix}:${name}` : name).toLowerCase();
}
