import { decoderFor } from './encoding.js';
import type { Unescaped } from './escapes.js';
import { insertionIndex, trimmedEnd, trimmedStart } from './insertion.js';
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
