import type { DefaultTreeAdapterTypes, Token } from 'parse5';
import { scanCss, scanStyleAttribute } from '../css/css.js';
import { joinedProperties, scanPart } from '../embedded.js';
import type { Decode } from '../encoding.js';
import { placedText, type Unescaped, unescapeText } from '../escapes.js';
import { scanJavaScript } from '../javascript/javascript.js';
import { scanImportMap } from '../json/import-map.js';
import { scanJsonLd } from '../json/json-ld.js';
import { addReference, byStart, toScan } from '../make-reference.js';
import type {
  CustomProperties,
  IntegrityValue,
  Reference,
  ReferenceKind,
  Scan,
  Scanner,
  SkippedReference,
} from '../reference.js';
import { htmlReferences, readHtmlReference } from './character-references.js';
import {
  type AttributeMeaning,
  attributeMeaning,
  type ExtraAttributes,
  isScriptType,
  srcsetUrls,
} from './html-attributes.js';
import { type InlineText, matchHashes, type PolicyHash, policyHashes } from './inline-hashes.js';
import { svgMeaning } from './svg-attributes.js';

type Element = DefaultTreeAdapterTypes.Element;

const SVG = 'http://www.w3.org/2000/svg';

/** Placeholders that a template engine replaces before a browser sees them. */
const TEMPLATE = /\{\{|\{%|<%|\$\{/;

/** Scanners of what other elements hold as data. */
const DATA_SCANNERS: ReadonlyMap<string, Scanner> = new Map([
  ['importmap', scanImportMap],
  ['application/ld+json', scanJsonLd],
]);

/** Collects the references of an HTML page, element by element. */
export class HtmlFindings {
  readonly #bytes: Buffer;
  readonly #base: number;
  readonly #latin1: string;
  readonly #references = new Map<number, Reference>();
  readonly #skipped = new Map<number, SkippedReference>();
  readonly #integrities = new Map<number, IntegrityValue>();
  readonly #properties: CustomProperties[] = [];
  readonly #texts = new Map<number, InlineText>();
  readonly #policyHashes = new Map<number, PolicyHash>();
  readonly #decode: Decode;
  readonly #extra: ExtraAttributes;

  /**
   * @param base length of the byte order mark, which the parser's offsets leave out
   * @param decode decodes the attributes. Style sheets and scripts are read as UTF-8
   * @param extra further attributes with URLs
   */
  constructor(bytes: Buffer, base: number, decode: Decode, extra: ExtraAttributes) {
    this.#bytes = bytes;
    this.#base = base;
    this.#decode = decode;
    this.#extra = extra;
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
    const hashes = matchHashes(
      [...this.#policyHashes.values()],
      [...this.#texts.values()],
      [...this.#integrities.values()],
      this.#bytes,
    );
    for (const each of hashes.integrities) this.#integrities.set(each.start, each);
    const customProperties = joinedProperties(this.#properties);
    return {
      ...toScan({ references: [...this.#references.values()], skipped: [...this.#skipped.values()] }),
      integrities: [...this.#integrities.values()].sort(byStart),
      ...(hashes.inlineHashes.length > 0 && { inlineHashes: hashes.inlineHashes.toSorted(byStart) }),
      ...(customProperties && { customProperties }),
    };
  }

  /** Returns the start of its URL, if its value is one that the element loads. */
  #takeAttribute(
    element: Element,
    name: string,
    attribute: string,
    attributes: ReadonlyMap<string, string>,
    place: Token.Location,
  ): number | undefined {
    const inSvg =
      element.namespaceURI === SVG ? svgMeaning(name, attribute, attributes.get('attributename')) : undefined;
    const meaning = inSvg ?? attributeMeaning(name, attribute, attributes, this.#extra);
    const range = meaning && this.#valueRange(place);
    if (!range || range[0] === range[1]) return undefined;
    const [start, end] = range;
    const needsFile = name === 'script' || loadsSheetOrModule(name, attributes);
    this.#takeValue(meaning, start, end, needsFile);
    return meaning === 'url' || meaning === 'manifest' ? start : undefined;
  }

  #takeValue(meaning: AttributeMeaning, start: number, end: number, needsFile: boolean): void {
    if (meaning === 'srcset') {
      for (const [from, to] of srcsetUrls(this.#written(start, end))) this.#addUrl(start + from, start + to);
    } else if (meaning === 'style') {
      const written = this.#written(start, end);
      const escapes = htmlReferences(written, start);
      this.#texts.set(start, { contentStart: start, contentEnd: end, escapes });
      this.#addScan(scanStyleAttribute(placedText(written, start, readHtmlReference, '&')));
    } else if (meaning === 'csp') {
      for (const each of policyHashes(this.#unescaped(start, end), start))
        this.#policyHashes.set(each.start, each);
    } else if (meaning === 'link') this.#addUrl(start, end, 'html-link');
    else if (meaning === 'manifest') this.#addUrl(start, end, 'html', { targetType: 'webmanifest' });
    else this.#addUrl(start, end, 'html', needsFile ? { needsFile } : undefined);
  }

  #takeScript(element: Element, type: string): void {
    const scanner = isScriptType(type) ? scanJavaScript : DATA_SCANNERS.get(type.trim().toLowerCase());
    if (scanner) this.#addPart(element, scanner);
  }

  /** Scans the text between the tags of an element. */
  #addPart(element: Element, scanner: Scanner): void {
    const { startTag, endTag } = element.sourceCodeLocation!;
    if (!startTag) return;
    const start = this.#base + startTag.endOffset;
    const end = endTag ? this.#base + endTag.startOffset : this.#bytes.length;
    this.#texts.set(start, { contentStart: start, contentEnd: end });
    this.#addScan(scanPart(scanner, this.#bytes, start, end));
  }

  #addScan({ references, skipped, integrities = [], customProperties }: Scan): void {
    for (const each of references) {
      const { kind, start, end } = each;
      if (!TEMPLATE.test(this.#written(start, end))) this.#add(each);
      else this.#skipped.set(start, { kind, start, end, reason: 'computed' });
    }
    for (const each of skipped) this.#skipped.set(each.start, each);
    for (const { start, end, of } of integrities) this.#addIntegrity([start, end], of);
    if (customProperties) this.#properties.push(customProperties);
  }

  #addUrl(
    start: number,
    end: number,
    kind: ReferenceKind = 'html',
    extra?: Pick<Reference, 'targetType' | 'needsFile'>,
  ): void {
    const findings = { references: [] as Reference[], skipped: [] as SkippedReference[] };
    if (TEMPLATE.test(this.#written(start, end))) {
      findings.skipped.push({ kind, start, end, reason: 'computed' });
    } else addReference(findings, kind, [start, end], this.#unescaped(start, end), extra);
    for (const each of findings.references) this.#add(each);
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
    return unescapeText(this.#written(start, end), readHtmlReference, this.#decode, '&');
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
