import { type CSSToken, TokenType } from '@csstools/css-tokenizer';

/** Rules after which browsers ignore `@import`. Rules that browsers do not know do not count. */
const ENDING = new Set([
  'namespace',
  'media',
  'supports',
  'container',
  'scope',
  'starting-style',
  'font-face',
  'font-feature-values',
  'font-palette-values',
  'keyframes',
  '-webkit-keyframes',
  'page',
  'property',
  'counter-style',
  'position-try',
  'view-transition',
]);

/** A style rule, which has no name. */
const STYLE_RULE = '';

/**
 * Follows the rules of a style sheet, token by token, to know which `@import` browsers ignore: one in another rule, and
 * one after any rule but `@charset`, `@import` and `@layer` without a block.
 * https://drafts.csswg.org/css-cascade/#at-import
 */
export class ImportOrder {
  #hasEnded = false;
  /** The name of the rule at the top that is being read; `undefined` between rules. */
  #rule: string | undefined;
  #isIgnored = false;

  /** Whether browsers ignore the latest `@import`. */
  get isIgnored(): boolean {
    return this.#isIgnored;
  }

  /** Whether browsers ignore every further `@import`. */
  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  /** @param depth the number of brackets that are open before the token */
  take(token: CSSToken, depth: number): void {
    const isAtRule = token[0] === TokenType.AtKeyword;
    if (depth > 0 && !isAtRule) {
      if (depth === 1 && token[0] === TokenType.CloseCurly) this.#rule = undefined;
      return;
    }
    const name = isAtRule ? token[4].value.toLowerCase() : STYLE_RULE;
    if (name === 'import') this.#isIgnored = this.#hasEnded || depth > 0;
    if (depth === 0) this.#takeAtTop(token[0], name);
  }

  #takeAtTop(type: TokenType, name: string): void {
    if (type === TokenType.Semicolon) {
      if (this.#rule === 'namespace') this.#hasEnded = true;
      this.#rule = undefined;
    } else if (type === TokenType.OpenCurly) {
      const rule = this.#rule ?? STYLE_RULE;
      if (rule === STYLE_RULE || rule === 'layer' || ENDING.has(rule)) this.#hasEnded = true;
    } else this.#rule ??= name;
  }
}
