import { type CSSToken, TokenType } from '@csstools/css-tokenizer';
import type { Decode } from '../encoding.js';
import { unescapeText } from '../escapes.js';
import { addReference, type Findings, toScan } from '../make-reference.js';
import type { ReferenceKind, Scan } from '../reference.js';
import { blockSourceMap } from '../source-map-comment.js';
import { CustomPropertyWalk } from './custom-properties.js';
import { ImportOrder } from './import-order.js';
import { usedIn } from './plain-rules.js';
import { readCssEscape, stringContent, urlContent } from './text.js';

const URL_FUNCTIONS = new Set(['url', 'src']);

const IMAGE_SETS = new Set(['image-set', '-webkit-image-set']);

/** The token that closes what another one opens. */
const CLOSERS: ReadonlyMap<TokenType, TokenType> = new Map([
  [TokenType.Function, TokenType.CloseParen],
  [TokenType.OpenParen, TokenType.CloseParen],
  [TokenType.OpenSquare, TokenType.CloseSquare],
  [TokenType.OpenCurly, TokenType.CloseCurly],
]);

/** An open bracket or function: the token that will close it, and whether strings directly inside are images. */
interface Nesting {
  readonly closer: TokenType;
  readonly imageSet: boolean;
}

/** Collects the references of a style sheet, token by token. */
export class CssWalk {
  readonly #latin1: string;
  readonly #base: number;
  readonly #decode: Decode;
  readonly #findings: Findings = { references: [], skipped: [] };
  readonly #properties = new CustomPropertyWalk();
  readonly #importOrder = new ImportOrder();
  readonly #nestings: Nesting[] = [];
  /** The kind of reference that the next token is, if it is a string or URL. White space and comments do not count. */
  #expected: ReferenceKind | undefined;
  /** The nesting depth of the at-rule whose prelude is being read. URLs in a prelude load nothing. */
  #preludeDepth: number | undefined;
  /** The URL in the last source map comment, which is the one that counts. */
  #sourceMap: readonly [start: number, end: number] | undefined;

  /**
   * @param latin1 the file without its byte order mark, one character a byte
   * @param base byte offset of its first character
   */
  constructor(latin1: string, base: number, decode: Decode) {
    this.#latin1 = latin1;
    this.#base = base;
    this.#decode = decode;
  }

  /** Whether the next tokens may be those of plain rules, which change nothing that the walk knows. */
  get isBetweenRules(): boolean {
    return (
      this.#properties.isBetween &&
      this.#preludeDepth === undefined &&
      this.#importOrder.hasEnded &&
      (this.#nestings.at(-1)?.closer ?? TokenType.CloseCurly) === TokenType.CloseCurly
    );
  }

  /** Takes the text of plain rules. */
  takePlain(rules: string): void {
    for (const name of usedIn(rules)) this.#properties.addUse(name);
  }

  /** @param token with offsets in the whole text */
  take(token: CSSToken): void {
    const [type, , start, last] = token;
    if (type === TokenType.Whitespace) return;
    if (type === TokenType.Comment) {
      this.#sourceMap = blockSourceMap(this.#latin1, start, last + 1) ?? this.#sourceMap;
      return;
    }
    this.#properties.take(token, this.#nestings.length);
    this.#importOrder.take(token, this.#nestings.length);
    const expected = this.#expected;
    this.#expected = undefined;
    if (type === TokenType.URL) this.#url(expected, start, last + 1);
    else if (type === TokenType.String) this.#string(expected, start, last + 1);
    else if (type === TokenType.AtKeyword) this.#atRule(token[4].value);
    else this.#structure(token, expected);
  }

  result(): Scan {
    if (this.#sourceMap) this.#add('css-source-map', this.#sourceMap);
    const customProperties = this.#properties.result();
    const scan = toScan(this.#findings);
    return customProperties ? { ...scan, customProperties } : scan;
  }

  #url(expected: ReferenceKind | undefined, start: number, end: number): void {
    if (this.#preludeDepth !== undefined && !expected) return;
    const token = this.#latin1.slice(start, end);
    const [from, to] = urlContent(token);
    this.#add(expected ?? 'css-url', [start + from, start + to], !token.endsWith(')'));
  }

  #string(expected: ReferenceKind | undefined, start: number, end: number): void {
    const kind = expected ?? this.#imageSetKind();
    if (!kind) return;
    const [from, to] = stringContent(this.#latin1.slice(start, end));
    this.#add(kind, [start + from, start + to], start + to === end);
  }

  #imageSetKind(): ReferenceKind | undefined {
    const inImageSet = this.#preludeDepth === undefined && this.#nestings.at(-1)?.imageSet;
    return inImageSet ? 'css-image-set' : undefined;
  }

  #atRule(name: string): void {
    this.#preludeDepth ??= this.#nestings.length;
    if (name.toLowerCase() === 'import') this.#expected = 'css-import';
  }

  #structure(token: CSSToken, expected: ReferenceKind | undefined): void {
    const type = token[0];
    const endsPrelude =
      type === TokenType.Semicolon || type === TokenType.OpenCurly || type === TokenType.CloseCurly;
    if (endsPrelude && this.#preludeDepth === this.#nestings.length) this.#preludeDepth = undefined;
    const closer = CLOSERS.get(type);
    if (closer)
      this.#open(closer, type === TokenType.Function ? (token[4] as { value: string }).value : '', expected);
    else if (this.#nestings.at(-1)?.closer === type) this.#nestings.pop();
  }

  #open(closer: TokenType, functionName: string, expected: ReferenceKind | undefined): void {
    const name = functionName.toLowerCase();
    this.#nestings.push({ closer, imageSet: IMAGE_SETS.has(name) });
    const loads = expected !== undefined || this.#preludeDepth === undefined;
    if (URL_FUNCTIONS.has(name) && loads) this.#expected = expected ?? 'css-url';
  }

  #add(kind: ReferenceKind, [start, end]: readonly [start: number, end: number], isUnclosed = false): void {
    const text = unescapeText(this.#latin1.slice(start, end), readCssEscape, this.#decode);
    const customProperty = kind === 'css-source-map' ? undefined : this.#properties.current;
    const isIgnored = kind === 'css-import' && this.#importOrder.isIgnored;
    addReference(this.#findings, kind, [this.#base + start, this.#base + end], text, {
      ...(customProperty !== undefined && { customProperty }),
      ...(isIgnored && { isIgnored }),
      ...(isUnclosed && { isUnclosed }),
    });
  }
}
