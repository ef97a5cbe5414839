import { extensionStart } from '../text/extension-start.js';
import { decodeUtf8 } from './encoding.js';
import type { Unescaped } from './escapes.js';
import type { Reference, ReferenceKind, Scan, ScanWarning, SkippedReference } from './reference.js';

/** What a scanner has found so far. */
export interface Findings {
  readonly references: Reference[];
  readonly skipped: SkippedReference[];
}

/** The scan of a file without references. One object for nearly all files. */
export const NOTHING_FOUND: Scan = { references: [], skipped: [], warnings: [] };

/** The result of a scanner that found nothing. */
export function emptyScan(...warnings: readonly ScanWarning[]): Scan {
  return warnings.length === 0 ? NOTHING_FOUND : { references: [], skipped: [], warnings };
}

/** The result of a scanner. Sorts what it found. */
export function toScan({ references, skipped }: Findings): Scan {
  if (references.length + skipped.length === 0) return NOTHING_FOUND;
  return { references: references.sort(byStart), skipped: skipped.sort(byStart), warnings: [] };
}

/** Compares findings by their place in the file. */
export function byStart(a: { readonly start: number }, b: { readonly start: number }): number {
  return a.start - b.start;
}

/**
 * Returns the reference for a URL in UTF-8 text, in a language without escapes. For custom scanners.
 *
 * @param bytes the whole file
 * @param start byte offset of the URL's first byte
 * @param end byte offset after its last byte
 * @param kind shown in reports, such as `tpl`; rules of the option `missing` may name it
 * @example
 * const bytes = Buffer.from('icon: img/icon.png');
 * plainReference(bytes, 6, 18, 'icon').url; // 'img/icon.png'
 */
export function plainReference(bytes: Buffer, start: number, end: number, kind: ReferenceKind): Reference {
  const latin1 = bytes.toString('latin1', start, end);
  const url = decodeUtf8(latin1) ?? bytes.toString('utf8', start, end);
  return { kind, start, end, url: browserUrl(url), insertionOffset: start + insertionIndex(latin1) };
}

/**
 * Adds the reference for an unescaped URL.
 *
 * @param more further members of the reference
 */
export function addReference(
  findings: Findings,
  kind: ReferenceKind,
  [start, end]: readonly [start: number, end: number],
  text: Unescaped,
  more?: Omit<Reference, 'kind' | 'start' | 'end' | 'url' | 'insertionOffset'>,
): void {
  if (text.value === undefined) {
    findings.skipped.push({ kind, start, end, reason: 'undecodable' });
    return;
  }
  const url = browserUrl(text.value);
  if (isData(url)) {
    findings.skipped.push({ kind, start, end, reason: 'scheme' });
    return;
  }
  findings.references.push({
    kind,
    start,
    end,
    url,
    insertionOffset: start + text.offsetOf(insertionIndex(text.shape)),
    ...more,
  });
}

function isData(url: string): boolean {
  return url.slice(0, 5).toLowerCase() === 'data:';
}

/**
 * The URL as browsers read it: without control characters and spaces at both ends, tabs and newlines.
 * https://url.spec.whatwg.org/#concept-basic-url-parser
 */
function browserUrl(text: string): string {
  const trimmed = text.slice(trimmedStart(text), trimmedEnd(text));
  return /[\t\n\r]/.test(trimmed) ? trimmed.replace(/[\t\n\r]/g, '') : trimmed;
}

const SEPARATOR = /[/\\]|%2f/gi;

/**
 * The index in a URL at which `.<fingerprint>` is inserted: before the extension, or after a name without one.
 *
 * @example
 * insertionIndex('img/a.b/c.png?d.e#f'); // 9
 * insertionIndex('a%2Epng'); // 1: browsers read an escaped dot as a dot
 */
export function insertionIndex(url: string): number {
  const path = url.slice(0, pathEnd(url));
  const baseStart = baseNameStart(path);
  // Of the same length, so that indexes stay: an escaped dot, and the tabs and newlines that browsers drop.
  const baseName = path
    .slice(baseStart)
    .replace(/%2e/gi, './/')
    .replace(/[\t\n\r]/g, '/');
  return baseStart + extensionStart(baseName);
}

function baseNameStart(path: string): number {
  let start = trimmedStart(path);
  // A failed test sets lastIndex back to 0.
  while (SEPARATOR.test(path)) start = SEPARATOR.lastIndex;
  return start;
}

/** The length of a URL's path. Query and fragment follow it, and white space that browsers drop. */
function pathEnd(url: string): number {
  const tail = url.search(/[?#]/);
  return tail === -1 ? trimmedEnd(url) : tail;
}

/** The number of control characters and spaces at the start. */
function trimmedStart(text: string): number {
  let start = 0;
  while (start < text.length && text.charCodeAt(start) <= 0x20) start++;
  return start;
}

/** The length without control characters and spaces at the end. A regular expression would take quadratic time. */
function trimmedEnd(text: string): number {
  let end = text.length;
  while (end > 0 && text.charCodeAt(end - 1) <= 0x20) end--;
  return end;
}
