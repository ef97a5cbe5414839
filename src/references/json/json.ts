import jsonc from 'jsonc-parser';
import { decodeUtf8 } from '../encoding.js';
import { type ReadEscape, type Unescaped, unescapeText } from '../escapes.js';
import type { Span } from '../source-map-comment.js';

/**
 * A path in a JSON document: names of members and indexes of elements. `'*'` matches all of either. `'**'` at the
 * beginning matches any number of them.
 */
export type JsonPath = readonly string[];

/** A value and its position. Strings are given without their quotes. */
export interface JsonValue {
  readonly isString: boolean;
  /** Of an object or list: its opening bracket. */
  readonly value: Span;
  /** The name of its member; `undefined` for an element of a list. */
  readonly key: Span | undefined;
}

/** An open object or list. */
interface Open {
  /** The name of the current member, once it was read; `'*'` in a list. */
  step: string | undefined;
  key: Span | undefined;
  readonly isObject: boolean;
}

// The library's tokens are a `const enum`, which does not exist at run time.
const OPENING = { object: 1, list: 3 };

const CLOSING: readonly number[] = [2, 4];

const COMMA = 5;

const COLON = 6;

const STRING = 10;

const END = 17;

/**
 * Finds the values at some paths. Reads the text once, without recursion: it may be nested deeper than the stack.
 *
 * @returns the values for each path, in the order of `paths`; `undefined` if the text is not valid JSON
 */
export function valuesAt(
  text: string,
  paths: readonly JsonPath[],
): readonly (readonly JsonValue[])[] | undefined {
  if (!isJson(text)) return undefined;
  const found = paths.map((): JsonValue[] => []);
  const scanner = jsonc.createScanner(text, true);
  const open: Open[] = [];
  for (let token: number = scanner.scan(); token !== END; token = scanner.scan()) {
    const parent = open.at(-1);
    if (CLOSING.includes(token)) open.pop();
    else if (token === COMMA) {
      if (parent?.isObject) parent.step = undefined;
    } else if (token === STRING && parent?.isObject && parent.step === undefined) {
      parent.step = scanner.getTokenValue();
      parent.key = spanOf(scanner, 1);
    } else if (token !== COLON) {
      const isString = token === STRING;
      const at = paths.findIndex((path) => fits(path, open));
      if (at !== -1)
        found[at]!.push({ isString, value: spanOf(scanner, isString ? 1 : 0), key: parent?.key });
      if (token === OPENING.object) open.push({ step: undefined, key: undefined, isObject: true });
      else if (token === OPENING.list) open.push({ step: '*', key: undefined, isObject: false });
    }
  }
  return found;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function fits(path: JsonPath, open: readonly Open[]): boolean {
  const deep = path[0] === '**' ? 1 : 0;
  const shift = open.length - path.length;
  if (deep === 1 ? shift < -1 : shift !== 0) return false;
  return path.every((step, index) => index < deep || step === '*' || step === open[index + shift]!.step);
}

function spanOf(scanner: ReturnType<typeof jsonc.createScanner>, quote: number): Span {
  const start = scanner.getTokenOffset();
  return [start + quote, start + scanner.getTokenLength() - quote];
}

const ESCAPE = /\\(?:u[\da-fA-F]{4}|["\\/bfnrt])/y;

/** Unescapes the content of a JSON string. https://www.rfc-editor.org/rfc/rfc8259#section-7 */
export function unescapeJson(latin1: string): Unescaped {
  return unescapeText(latin1, readEscape, decodeUtf8);
}

const readEscape: ReadEscape = (latin1, index) => {
  ESCAPE.lastIndex = index;
  const written = ESCAPE.exec(latin1)?.[0];
  if (written === undefined) return { length: 1, text: '\\' };
  return { length: written.length, text: JSON.parse(`"${written}"`) as string };
};
