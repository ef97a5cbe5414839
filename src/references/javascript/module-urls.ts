import type { ImportSpecifier } from 'es-module-lexer/minimal';
import type { ReferenceKind } from '../reference.js';
import { matchTexts, skipTrivia } from './text.js';

/** Characters searched for the words of `new URL(`. Without a limit, hostile input takes quadratic time. */
const TRIVIA_LIMIT = 256;

const DYNAMIC_IMPORT = 'import';

/** What a call of the class `URL` begins with, by name or as a property of the global object. */
const URL_CALL = /\b(?:new|URL|window|globalThis|self)\b/g;

/** The names of the global object in a page, or a worker. */
const GLOBAL_OBJECTS = ['window', 'globalThis', 'self'];

const URL_CLASSES = [['URL'], ...GLOBAL_OBJECTS.map((name) => [name, '.', 'URL'])];

const NEW_URL = URL_CLASSES.map((words) => [...words, '(']);

const PARSE_URL = URL_CLASSES.map((words) => [...words, '.', 'parse', '(']);

/** The beginning of a call that refers to a file by `import.meta`: everything before its arguments. */
export interface ModuleSite {
  readonly kind: Extract<ReferenceKind, 'js-new-url' | 'js-import-meta-resolve'>;
  /** Index of `new`, `URL`, the global object or `import.meta`. */
  readonly start: number;
  /** Index of the opening parenthesis. */
  readonly paren: number;
}

/**
 * Finds each `import.meta.resolve(` that the lexer reports, and what looks like `new URL(` or `URL.parse(`, also in
 * comments and strings.
 *
 * @returns the sites, sorted by `start`
 */
export function moduleSites(text: string, imports: readonly ImportSpecifier[]): ModuleSite[] {
  const metas = imports.filter(({ d }) => d === -2);
  if (metas.length === 0) return [];
  const resolves = metas.flatMap((meta): ModuleSite[] => {
    const end = matchTexts(text, meta.e, ['.', 'resolve', '(']);
    return end === -1 ? [] : [{ kind: 'js-import-meta-resolve', start: meta.ss, paren: end - 1 }];
  });
  return [...newUrls(text), ...resolves].sort((a, b) => a.start - b.start);
}

function newUrls(text: string): ModuleSite[] {
  return Array.from(text.matchAll(URL_CALL)).flatMap(({ 0: word, index }): ModuleSite[] => {
    const limit = Math.min(text.length, index + TRIVIA_LIMIT);
    const end = word === 'new' ? newUrlEnd(text, index + word.length, limit) : parseEnd(text, index, limit);
    return end === -1 ? [] : [{ kind: 'js-new-url', start: index, paren: end - 1 }];
  });
}

function newUrlEnd(text: string, from: number, limit: number): number {
  return skipTrivia(text, from, limit) === from ? -1 : matchAny(text, from, NEW_URL, limit);
}

/** The lexer takes a property for code if there is white space after its dot. */
function parseEnd(text: string, from: number, limit: number): number {
  const isProperty = text
    .slice(Math.max(0, from - TRIVIA_LIMIT), from)
    .trimEnd()
    .endsWith('.');
  return isProperty ? -1 : matchAny(text, from, PARSE_URL, limit);
}

function matchAny(
  text: string,
  from: number,
  alternatives: readonly (readonly string[])[],
  limit: number,
): number {
  for (const words of alternatives) {
    const end = matchTexts(text, from, words, limit);
    if (end !== -1) return end;
  }
  return -1;
}

/**
 * Returns the script with each site written as a dynamic import of the same length. The lexer then reports which of
 * them are code, not part of a comment, string, template or regular expression, and where their argument is.
 */
export function disguiseAsImports(text: string, sites: readonly ModuleSite[]): string {
  const bytes = Buffer.from(text, 'latin1');
  for (const { start, paren } of sites) {
    // Newlines must stay: they end a comment that the site may be in.
    for (let i = start; i < paren; i++) if (bytes[i] !== 0x0a && bytes[i] !== 0x0d) bytes[i] = 0x20;
    bytes.write(DYNAMIC_IMPORT, start, 'latin1');
  }
  return bytes.toString('latin1');
}

/** Whether the call has exactly the expected arguments after the first one, which ends at `end`. */
export function endsLikeSite(text: string, kind: ModuleSite['kind'], end: number): boolean {
  const base = kind === 'js-new-url' ? [',', 'import', '.', 'meta', '.', 'url'] : [];
  const last = matchTexts(text, end, base);
  return last !== -1 && (matchTexts(text, last, [')']) !== -1 || matchTexts(text, last, [',', ')']) !== -1);
}
