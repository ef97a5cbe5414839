import { type CSSToken, TokenType } from '@csstools/css-tokenizer';
import type { CustomProperties } from '../reference.js';

/** A custom property whose value is being read. */
interface Declared {
  readonly name: string;
  /** The number of open brackets around its declaration. */
  readonly depth: number;
}

/** Follows the custom properties of a style sheet, token by token. White space and comments are left out. */
export class CustomPropertyWalk {
  readonly #uses = new Set<string>();
  readonly #passes = new Map<string, readonly [from: string, to: string]>();
  readonly #typed = new Set<string>();
  #declared: Declared | undefined;
  /** Whether the next token begins a declaration or rule. */
  #begins = true;
  /** The name at the beginning of a declaration. A colon must follow. */
  #property: string | undefined;
  /** What the token before this one was, if a name after it means something. */
  #before: 'var' | 'property' | undefined;
  /** The custom property of the `@property` rule that is being read. */
  #typedName: string | undefined;

  /** The custom property whose value is being read. */
  get current(): string | undefined {
    return this.#declared?.name;
  }

  /** Whether a declaration or rule begins, outside of the value of a custom property and of `@property`. */
  get isBetween(): boolean {
    return this.#begins && this.#declared === undefined && this.#typedName === undefined;
  }

  /** Adds a custom property that a usual one uses. */
  addUse(name: string): void {
    this.#uses.add(name);
  }

  /** @param depth the number of brackets that are open before the token */
  take(token: CSSToken, depth: number): void {
    const type = token[0];
    const begins = this.#begins;
    const before = this.#before;
    this.#begins = false;
    this.#before = undefined;
    if (type === TokenType.Ident) this.#takeName(token[4].value, begins, before);
    else if (type === TokenType.Colon) {
      const property = this.#property;
      if (property?.startsWith('--')) this.#declared ??= { name: property, depth };
    } else if (type === TokenType.Function) {
      if (token[4].value.toLowerCase() === 'var') this.#before = 'var';
    } else if (type === TokenType.AtKeyword) {
      if (token[4].value.toLowerCase() === 'property') this.#before = 'property';
    } else if (type === TokenType.String) {
      if (this.#property === 'syntax') this.#takeSyntax(token[4].value);
    } else if (type === TokenType.Semicolon || type === TokenType.CloseCurly) this.#takeEnd(type, depth);
    else if (type === TokenType.OpenCurly) this.#begins = true;
  }

  /** Returns what was found; `undefined` if there are no custom properties. */
  result(): CustomProperties | undefined {
    if (this.#uses.size + this.#passes.size + this.#typed.size === 0) return undefined;
    return { uses: [...this.#uses], passes: [...this.#passes.values()], typed: [...this.#typed] };
  }

  #takeName(name: string, begins: boolean, before: 'var' | 'property' | undefined): void {
    this.#property = begins ? name : undefined;
    if (!name.startsWith('--')) return;
    if (before === 'property') this.#typedName = name;
    if (before !== 'var') return;
    const to = this.current;
    if (to === undefined) this.#uses.add(name);
    else this.#passes.set(`${name} ${to}`, [name, to]);
  }

  /** Any value has the type `*`, which is none. https://drafts.css-houdini.org/css-properties-values-api/#the-syntax-descriptor */
  #takeSyntax(syntax: string): void {
    if (this.#typedName !== undefined && syntax.trim() !== '*') this.#typed.add(this.#typedName);
  }

  #takeEnd(type: TokenType, depth: number): void {
    this.#begins = true;
    this.#property = undefined;
    if (this.#declared?.depth === depth) this.#declared = undefined;
    if (type === TokenType.CloseCurly && depth === 1) this.#typedName = undefined;
  }
}
