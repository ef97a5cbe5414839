import { decoderFor } from './encoding.js';
import type { Unescaped } from './escapes.js';
import type { Reference, ReferenceKind, SkippedReference } from './reference.js';

/** Collects what a scanner finds. */
export interface Findings {
  readonly references: Reference[];
  readonly skipped: SkippedReference[];
}

const decodeUtf8 = decoderFor('utf-8');

/**
 * The reference that a stretch of UTF-8 bytes is, where the language has no escapes.
 *
 * @param start byte offset of the URL's first byte
 * @param end byte offset after its last byte
 */
export function plainReference(bytes: Buffer, start: number, end: number, kind: ReferenceKind): Reference {
  const latin1 = bytes.toString('latin1', start, end);
  const url = decodeUtf8(latin1) ?? bytes.toString('utf8', start, end);
  return { kind, start, end, url: browserUrl(url), insertionOffset: start + insertionIndex(latin1) };
}

/** Adds the reference that an unescaped text at `start` is; `data:` URLs are dropped. */
export function addReference(
  findings: Findings,
  kind: ReferenceKind,
  [start, end]: readonly [start: number, end: number],
  text: Unescaped,
): void {
  if (text.value === undefined) {
    findings.skipped.push({ kind, start, end, reason: 'undecodable' });
    return;
  }
  const url = browserUrl(text.value);
  if (isData(url)) return;
  findings.references.push({
    kind,
    start,
    end,
    url,
    insertionOffset: start + text.offsetOf(insertionIndex(text.shape)),
  });
}

function isData(url: string): boolean {
  return url.slice(0, 5).toLowerCase() === 'data:';
}

/**
 * Without control characters and spaces at both ends, and without tabs and newlines anywhere.
 * https://url.spec.whatwg.org/#concept-basic-url-parser
 */
function browserUrl(text: string): string {
  const trimmed = text.slice(trimmedStart(text), trimmedEnd(text));
  return /[\t\n\r]/.test(trimmed) ? trimmed.replace(/[\t\n\r]/g, '') : trimmed;
}

const DOT = /\.|%2e/gi;

const LEADING_DOTS = /^(?:[\t\n\r]*(?:\.|%2e))*/i;

const SEPARATOR = /[/\\]|%2f/gi;

/**
 * Where the last extension of a base name begins, its dot included; the name's length where it has none.
 * Leading dots begin no extension: `a.tar.gz` → 5, `LICENSE` → 7, `.htaccess` → 9.
 * A dot may be percent-escaped, as it may be in a URL: `a%2Epng` → 1.
 */
export function extensionStart(baseName: string): number {
  const leading = LEADING_DOTS.exec(baseName)?.[0].length ?? 0;
  return lastMatch(DOT, baseName, leading)?.index ?? baseName.length;
}

/** Where in a URL `.<fingerprint>` goes, as an index: `img/a.b/c.png?d.e#f` → 9. */
export function insertionIndex(url: string): number {
  const path = url.slice(0, pathEnd(url));
  const separator = lastMatch(SEPARATOR, path, 0);
  const baseStart = separator ? separator.index + separator[0].length : trimmedStart(path);
  return baseStart + extensionStart(path.slice(baseStart));
}

/** Query and fragment do not belong to the path, nor does white space at the end, which browsers drop. */
function pathEnd(url: string): number {
  const tail = url.search(/[?#]/);
  return tail === -1 ? trimmedEnd(url) : tail;
}

/** Where the text begins after control characters and spaces. */
function trimmedStart(text: string): number {
  let start = 0;
  while (start < text.length && text.charCodeAt(start) <= 0x20) start++;
  return start;
}

/** The length without control characters and spaces at the end. (A regular expression would be quadratic here.) */
function trimmedEnd(text: string): number {
  let end = text.length;
  while (end > 0 && text.charCodeAt(end - 1) <= 0x20) end--;
  return end;
}

function lastMatch(pattern: RegExp, text: string, from: number): RegExpExecArray | undefined {
  let last: RegExpExecArray | undefined;
  pattern.lastIndex = from;
  for (let match = pattern.exec(text); match; match = pattern.exec(text)) last = match;
  return last;
}
