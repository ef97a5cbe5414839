import { type ImportSpecifier, parse } from 'es-module-lexer/minimal';
import { decoderFor, utf16Warning } from './encoding.js';
import { unescapeText } from './escapes.js';
import { lexable, literalEnd, readJavaScriptEscape } from './javascript-text.js';
import { addReference, type Findings } from './make-reference.js';
import { disguiseAsImports, endsLikeSite, type ModuleSite, moduleSites } from './module-sites.js';
import type { ReferenceKind, Scan, Scanner, ScanWarning } from './reference.js';
import {
  lastSourceMapComment,
  SOURCE_MAP_SIGN,
  type SourceMapComment,
  type Span,
} from './source-map-comment.js';

const NOTHING: Scan = { references: [], skipped: [], warnings: [] };
const decodeUtf8 = decoderFor('utf-8');

/** A script and what its lexer said of it. */
interface Lexed {
  /** One character a byte. */
  readonly text: string;
  readonly imports: readonly ImportSpecifier[];
  /** Where the source map's URL stands, if a comment in code names one. */
  readonly sourceMap: Span | undefined;
}

/**
 * Finds the references of a script or module: import and export declarations, `import()`, `new URL(…, import.meta.url)`
 * and `import.meta.resolve()` of a literal, and the comment that names the source map.
 */
export const scanJavaScript: Scanner = (bytes) => {
  const warning = utf16Warning(bytes);
  if (warning) return { ...NOTHING, warnings: [warning] };
  if (!mayRefer(bytes)) return NOTHING;
  const lexed = lex(bytes);
  return 'code' in lexed ? { ...NOTHING, warnings: [lexed] } : references(bytes, lexed);
};

function mayRefer(bytes: Buffer): boolean {
  return (
    bytes.includes('import') ||
    bytes.includes(SOURCE_MAP_SIGN) ||
    (bytes.includes('export') && bytes.includes('from'))
  );
}

function lex(bytes: Buffer): Lexed | ScanWarning {
  const mayNameMap = bytes.includes(SOURCE_MAP_SIGN);
  try {
    return lexText(lexable(bytes, '\n\n\n'), mayNameMap);
  } catch (error) {
    return lexAgain(bytes, mayNameMap, error as Error);
  }
}

/** A U+2028 in a string, taken for a newline, is an error to the lexer. */
function lexAgain(bytes: Buffer, mayNameMap: boolean, first: Error): Lexed | ScanWarning {
  try {
    return lexText(lexable(bytes, '\\\r\n'), mayNameMap);
  } catch {
    const place = first.message.replace(/^Parse error @:/, '');
    return {
      code: 'unparsable',
      message: `it is not valid JavaScript (at ${place}), so its references are left as they are`,
    };
  }
}

/** @param mayNameMap known from the bytes, where searching is several times faster */
function lexText(text: string, mayNameMap: boolean): Lexed {
  const comment = mayNameMap ? lastSourceMapComment(text) : undefined;
  if (!comment) return { text, imports: parse(text)[0], sourceMap: undefined };
  const marked = markComment(text, comment);
  const mark = comment.comment[0] + 1;
  const all = parse(marked)[0];
  const imports = all.filter(({ ss }) => ss !== mark);
  return { text: marked, imports, sourceMap: imports.length < all.length ? comment.url : undefined };
}

/** With `import.meta` in the comment's place the lexer says whether it stands in code or, say, in a template. */
function markComment(text: string, { comment: [start, end] }: SourceMapComment): string {
  return `${text.slice(0, start)}${' import.meta;'.padEnd(end - start)}${text.slice(end)}`;
}

function references(bytes: Buffer, lexed: Lexed): Scan {
  const findings: Findings = { references: [], skipped: [] };
  const { text, imports, sourceMap } = lexed;
  for (const found of imports) addImport(findings, bytes, text, found);
  for (const [site, found] of confirmedSites(text, imports)) addCall(findings, bytes, text, site.kind, found);
  if (sourceMap) add(findings, bytes, 'js-source-map', sourceMap);
  findings.references.sort((a, b) => a.start - b.start);
  findings.skipped.sort((a, b) => a.start - b.start);
  return { ...findings, warnings: [] };
}

function addImport(findings: Findings, bytes: Buffer, text: string, found: ImportSpecifier): void {
  if (found.d >= 0) addCall(findings, bytes, text, 'js-dynamic-import', found);
  else if (found.d === -1) {
    const kind = text.startsWith('export', found.ss) ? 'js-export' : 'js-import';
    add(findings, bytes, kind, [found.s, found.e]);
  }
}

/** Those of the sites that stand in code, with the import that the lexer took each for. */
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
    // A comment cut in two by what only looked like a site: then none of them is sure.
    return [];
  }
}

/** Adds the call whose first argument is `found`'s, if that is a literal. */
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
    findings.skipped.push({ kind, start, end, reason: 'bare' });
  } else addReference(findings, kind, [start, end], text);
}

/** Outside strings a backslash is itself. */
const readNothing = () => ({ length: 1, text: '\\' });

/** https://html.spec.whatwg.org/#resolving-a-url-like-module-specifier */
function isBare(specifier: string): boolean {
  return !/^(?:\.{0,2}\/|[a-z][a-z\d+.-]*:)/i.test(specifier);
}
