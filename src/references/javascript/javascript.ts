import { type ImportSpecifier, parse } from 'es-module-lexer/minimal';
import { decodeUtf8, utf16Warning } from '../encoding.js';
import { unescapeText } from '../escapes.js';
import { addReference, emptyScan, type Findings, toScan } from '../make-reference.js';
import type { ReferenceKind, Scan, Scanner } from '../reference.js';
import { SOURCE_MAP_SIGN, type Span } from '../source-map-comment.js';
import { type Lexed, lex } from './lexer.js';
import { disguiseAsImports, endsLikeSite, type ModuleSite, moduleSites } from './module-urls.js';
import { literalEnd, readJavaScriptEscape } from './text.js';
import { urlTests } from './url-tests.js';

/**
 * Finds the references of a script or module: import and export declarations, the source map comment, and with a
 * literal `import()`, `new URL(…, import.meta.url)` and `import.meta.resolve()`.
 *
 * The lexer has limits. The first two nearly always end in the warning `unparsable`:
 * - It fails beyond about 1,000 nested brackets.
 * - It misreads a regular expression right after `with (…)`, or after an `in` that follows a string without a space.
 * - It misses an `import()` right after `1.`.
 * - It takes the HTML-like comments of classic scripts (`<!--`, `-->`) for code.
 *   https://tc39.es/ecma262/#sec-html-like-comments
 */
export const scanJavaScript: Scanner = (bytes) => {
  const warning = utf16Warning(bytes);
  if (warning) return emptyScan(warning);
  const tests = urlTests(bytes);
  const scan = scanReferences(bytes);
  return tests.length === 0 ? scan : { ...scan, urlTests: tests };
};

function scanReferences(bytes: Buffer): Scan {
  if (!mayRefer(bytes)) return emptyScan();
  const lexed = lex(bytes);
  return 'code' in lexed ? emptyScan(lexed) : references(bytes, lexed);
}

function mayRefer(bytes: Buffer): boolean {
  return (
    bytes.includes('import') ||
    bytes.includes(SOURCE_MAP_SIGN) ||
    (bytes.includes('export') && bytes.includes('from'))
  );
}

function references(bytes: Buffer, lexed: Lexed): Scan {
  const findings: Findings = { references: [], skipped: [] };
  const { text, imports, sourceMap } = lexed;
  for (const found of imports) addImport(findings, bytes, text, found);
  for (const [site, found] of confirmedSites(text, imports)) addCall(findings, bytes, text, site.kind, found);
  if (sourceMap) add(findings, bytes, 'js-source-map', sourceMap);
  return toScan(findings);
}

function addImport(findings: Findings, bytes: Buffer, text: string, found: ImportSpecifier): void {
  if (found.d >= 0) addCall(findings, bytes, text, 'js-dynamic-import', found);
  else if (found.d === -1) {
    const kind = text.startsWith('export', found.ss) ? 'js-export' : 'js-import';
    add(findings, bytes, kind, [found.s, found.e]);
  }
}

/** The sites that the lexer confirms to be code, each with the import that it saw there. */
function confirmedSites(text: string, imports: readonly ImportSpecifier[]): [ModuleSite, ImportSpecifier][] {
  const sites = new Map(moduleSites(text, imports).map((site) => [site.start, site]));
  if (sites.size === 0) return [];
  return disguisedImports(text, [...sites.values()]).flatMap((found): [ModuleSite, ImportSpecifier][] => {
    const site = sites.get(found.ss);
    return site && found.d === site.paren && endsLikeSite(text, site.kind, found.e) ? [[site, found]] : [];
  });
}

function disguisedImports(text: string, sites: readonly ModuleSite[]): readonly ImportSpecifier[] {
  try {
    return parse(disguiseAsImports(text, sites))[0];
  } catch {
    // Something that only looked like a site cut a comment in two. None of the sites can be trusted.
    return [];
  }
}

/** Adds a call whose first argument is a literal; any other is computed at run time. */
function addCall(
  findings: Findings,
  bytes: Buffer,
  text: string,
  kind: ReferenceKind,
  { s: start, e: end }: ImportSpecifier,
): void {
  if (literalEnd(text, start) === end) add(findings, bytes, kind, [start + 1, end - 1]);
  else findings.skipped.push({ kind, start, end, reason: 'computed' });
}

function add(findings: Findings, bytes: Buffer, kind: ReferenceKind, [start, end]: Span): void {
  const escapes = kind !== 'js-source-map';
  const latin1 = bytes.toString('latin1', start, end);
  const text = unescapeText(latin1, escapes ? readJavaScriptEscape : readNothing, decodeUtf8);
  const isSpecifier = escapes && kind !== 'js-new-url';
  if (isSpecifier && text.value !== undefined && isBare(text.value)) {
    findings.skipped.push({ kind, start, end, reason: 'bare', specifier: text.value });
  } else addReference(findings, kind, [start, end], text);
}

/** Outside strings a backslash escapes nothing. */
const readNothing = () => ({ length: 1, text: '\\' });

/** https://html.spec.whatwg.org/#resolving-a-url-like-module-specifier */
function isBare(specifier: string): boolean {
  return !/^(?:\.{0,2}\/|[a-z][a-z\d+.-]*:)/i.test(specifier);
}
