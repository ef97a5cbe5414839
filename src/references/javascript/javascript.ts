import { type ImportSpecifier, parse } from 'es-module-lexer/minimal';
import { decodeUtf8, utf16Warning } from '../encoding.js';
import { type ReadEscape, type Unescaped, unescapeText } from '../escapes.js';
import { addReference, emptyScan, type Findings, toScan } from '../make-reference.js';
import type { ReferenceKind, Scan, Scanner } from '../reference.js';
import { SOURCE_MAP_SIGN, type Span } from '../source-map-comment.js';
import { type ArgumentUrl, argumentUrls } from './argument-urls.js';
import { type Lexed, lex } from './lexer.js';
import { disguiseAsImports, endsLikeSite, type ModuleSite, moduleSites } from './module-urls.js';
import { literalEnd, readJavaScriptEscape } from './text.js';
import { urlTests } from './url-tests.js';

/**
 * Finds the references of a script or module: import and export declarations, the source map comment, `import()`,
 * `new URL(…, import.meta.url)` and `import.meta.resolve()`. Of a computed URL, it returns the literal parts.
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

/** What an `import()` loads without import attributes. */
const SCRIPT_EXTENSIONS = ['.js', '.mjs'];

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
  const sites = confirmedSites(text, imports);
  const script: Script = { bytes, text, findings, sites: new Set(sites.map(([{ start }]) => start)) };
  for (const found of imports) addImport(script, found);
  for (const [site, found] of sites) addCall(script, site.kind, found);
  if (sourceMap) add(script, 'js-source-map', sourceMap);
  return toScan(findings);
}

/** A script, and what was found in it. */
interface Script {
  readonly bytes: Buffer;
  /** One character a byte. */
  readonly text: string;
  readonly findings: Findings;
  /** Where calls begin that refer to a file by `import.meta`. */
  readonly sites: ReadonlySet<number>;
}

function addImport(script: Script, found: ImportSpecifier): void {
  if (found.d >= 0) addCall(script, 'js-dynamic-import', found);
  else if (found.d === -1) {
    const kind = script.text.startsWith('export', found.ss) ? 'js-export' : 'js-import';
    add(script, kind, [found.s, found.e]);
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

/** Adds the URLs that the first argument of a call can be. */
function addCall(script: Script, kind: ReferenceKind, call: ImportSpecifier): void {
  const { text, sites } = script;
  const { s: start, e: end } = call;
  if (literalEnd(text, start) === end) {
    add(script, kind, [start + 1, end - 1]);
    return;
  }
  const read = (content: Span) => unescaped(script.bytes, content, readJavaScriptEscape).value;
  for (const url of argumentUrls(text, [start, end], read, (index) => sites.has(index))) {
    if (url.isLiteral && !isCutBare(kind, url)) add(script, kind, url.span);
    else addComputed(script, kind, url, call);
  }
}

/** Whether only the beginning of a bare specifier is known. */
function isCutBare(kind: ReferenceKind, { parts: [beginning, ...rest] }: ArgumentUrl): boolean {
  return kind !== 'js-new-url' && rest.length > 0 && /[^.]/.test(beginning!) && isBare(beginning!);
}

function addComputed(script: Script, kind: ReferenceKind, url: ArgumentUrl, call: ImportSpecifier): void {
  const { parts } = url;
  const [start, end] = url.span;
  const { skipped } = script.findings;
  if (isCutBare(kind, url)) skipped.push({ kind, start, end, reason: 'bare' });
  else if (parts[0] === '' || (kind !== 'js-new-url' && isBare(parts[0]!)))
    skipped.push({ kind, start, end, reason: 'computed' });
  else {
    const hasAttributes = call.a !== -1;
    const loadsScripts = kind === 'js-dynamic-import' && !hasAttributes && !hasExtension(parts.at(-1)!);
    const extensions = loadsScripts && { extensions: SCRIPT_EXTENSIONS };
    skipped.push({ kind, start, end, reason: 'computed', parts, ...extensions });
  }
}

function hasExtension(urlEnd: string): boolean {
  const [path] = urlEnd.split(/[?#]/);
  return /\.[^/]*$/.test(path!);
}

function add(script: Script, kind: ReferenceKind, [start, end]: Span): void {
  const { bytes, findings } = script;
  const escapes = kind !== 'js-source-map';
  const text = unescaped(bytes, [start, end], escapes ? readJavaScriptEscape : readNothing);
  const isSpecifier = escapes && kind !== 'js-new-url';
  if (isSpecifier && text.value !== undefined && isBare(text.value)) {
    findings.skipped.push({ kind, start, end, reason: 'bare', specifier: text.value });
  } else addReference(findings, kind, [start, end], text);
}

function unescaped(bytes: Buffer, [start, end]: Span, readEscape: ReadEscape): Unescaped {
  return unescapeText(bytes.toString('latin1', start, end), readEscape, decodeUtf8);
}

/** Outside strings a backslash escapes nothing. */
const readNothing = () => ({ length: 1, text: '\\' });

/** https://html.spec.whatwg.org/#resolving-a-url-like-module-specifier */
function isBare(specifier: string): boolean {
  return !/^(?:\.{0,2}\/|[a-z][a-z\d+.-]*:)/i.test(specifier);
}
