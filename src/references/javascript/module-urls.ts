import type { ImportSpecifier } from 'es-module-lexer/minimal';
import type { ReferenceKind } from '../reference.js';
import { matchTexts, skipTrivia } from './text.js';

/** Between the words of `new URL(` no more than this is looked through, so that no input is read again and again. */
const TRIVIA_LIMIT = 256;

const DYNAMIC_IMPORT = 'import';

const NEW = /\bnew\b/g;

/** A call that refers to a file by means of `import.meta`, apart from its arguments. */
export interface ModuleSite {
  readonly kind: Extract<ReferenceKind, 'js-new-url' | 'js-import-meta-resolve'>;
  /** Where `new` or `import.meta` begins. */
  readonly start: number;
  /** Where its opening parenthesis stands. */
  readonly paren: number;
}

/** What looks like `new URL(`, anywhere, and what is `import.meta.resolve(`, by the lexer's word. Sorted. */
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
  return Array.from(text.matchAll(NEW)).flatMap(({ index }): ModuleSite[] => {
    const from = index + 'new'.length;
    const limit = Math.min(text.length, from + TRIVIA_LIMIT);
    if (skipTrivia(text, from, limit) === from) return [];
    const end = matchTexts(text, from, ['URL', '('], limit);
    return end === -1 ? [] : [{ kind: 'js-new-url', start: index, paren: end - 1 }];
  });
}

/**
 * The script with each site written as a dynamic import of the same length. A lexer of modules then says which of
 * them stand in code (and not in a comment, string, template or regular expression), and where their argument is.
 */
export function disguiseAsImports(text: string, sites: readonly ModuleSite[]): string {
  const bytes = Buffer.from(text, 'latin1');
  for (const { start, paren } of sites) {
    // Newlines stay: they end a comment in which the site may stand.
    for (let i = start; i < paren; i++) if (bytes[i] !== 0x0a && bytes[i] !== 0x0d) bytes[i] = 0x20;
    bytes.write(DYNAMIC_IMPORT, start, 'latin1');
  }
  return bytes.toString('latin1');
}

/** Whether the arguments after the first, which ends at `end`, are exactly those of the form. */
export function endsLikeSite(text: string, kind: ModuleSite['kind'], end: number): boolean {
  const base = kind === 'js-new-url' ? [',', 'import', '.', 'meta', '.', 'url'] : [];
  const last = matchTexts(text, end, base);
  return last !== -1 && (matchTexts(text, last, [')']) !== -1 || matchTexts(text, last, [',', ')']) !== -1);
}
