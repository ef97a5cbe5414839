import { createHash } from 'node:crypto';
import type { Unescaped } from '../escapes.js';
import type { InlineHash, IntegrityValue } from '../reference.js';

/** A hash in a Content Security Policy, and its place in the file. */
export interface PolicyHash {
  readonly start: number;
  readonly end: number;
  /** `sha256-…`, in the usual alphabet of Base64. */
  readonly value: string;
}

/** The text of an inline script or style, or of a `style` attribute. */
export type InlineText = Pick<InlineHash, 'contentStart' | 'contentEnd' | 'escapes'>;

const HASH = /'((sha256|sha384|sha512)-[\w+/-]+={0,2})'/gi;

/**
 * Returns the hashes of a Content Security Policy.
 *
 * @param policy the value of the attribute
 * @param start byte offset of the value in the file
 */
export function policyHashes(policy: Unescaped, start: number): readonly PolicyHash[] {
  return Array.from(policy.shape.matchAll(HASH), ({ index, 1: written }) => {
    const from = index + 1;
    return {
      start: start + policy.offsetOf(from),
      end: start + policy.offsetOf(from + written!.length),
      value: normalized(written!),
    };
  });
}

/** Policies may use the alphabet of URLs, and the algorithm in any case. */
function normalized(hash: string): string {
  const dash = hash.indexOf('-');
  const base64 = hash
    .slice(dash + 1)
    .replaceAll('-', '+')
    .replaceAll('_', '/');
  return `${hash.slice(0, dash).toLowerCase()}-${base64}`;
}

/** The hashes of a policy that must be updated. Others are of scripts that do not change, such as event handlers. */
interface Matched {
  readonly inlineHashes: readonly InlineHash[];
  readonly integrities: readonly IntegrityValue[];
}

/**
 * Finds what the hashes of a policy belong to: an inline text of the page, or an `integrity` value.
 *
 * @param bytes the page
 */
export function matchHashes(
  hashes: readonly PolicyHash[],
  texts: readonly InlineText[],
  integrities: readonly IntegrityValue[],
  bytes: Buffer,
): Matched {
  if (hashes.length === 0) return { inlineHashes: [], integrities: [] };
  const algorithms = new Set(hashes.map(({ value }) => algorithmOf(value)));
  const textByHash = new Map(
    texts.flatMap((text) =>
      Array.from(algorithms, (algorithm) => [inlineHash(contentOf(bytes, text), algorithm), text]),
    ),
  );
  const ofByHash = new Map(
    integrities.flatMap(({ start, end, of }) =>
      bytes
        .toString('latin1', start, end)
        .split(/\s+/)
        .map((value) => [value, of]),
    ),
  );
  return {
    inlineHashes: hashes.flatMap(({ start, end, value }) => {
      const text = textByHash.get(value);
      return text === undefined ? [] : { start, end, ...text };
    }),
    integrities: hashes.flatMap(({ start, end, value }) => {
      const of = textByHash.has(value) ? undefined : ofByHash.get(value);
      return of === undefined ? [] : { start, end, of };
    }),
  };
}

function contentOf(bytes: Buffer, { contentStart, contentEnd, escapes = [] }: InlineText): Buffer {
  const pieces: Buffer[] = [];
  let from = contentStart;
  for (const { start, end, text } of escapes) {
    pieces.push(bytes.subarray(from, start), Buffer.from(text));
    from = end;
  }
  pieces.push(bytes.subarray(from, contentEnd));
  return Buffer.concat(pieces);
}

/** The algorithm of a hash such as `sha256-…`. */
export function algorithmOf(hash: string): string {
  return hash.slice(0, hash.indexOf('-')).toLowerCase();
}

/**
 * Returns the hash of an inline script or style as browsers compute it: of the parsed text, in UTF-8.
 * https://www.w3.org/TR/CSP3/#match-element-to-source-list
 *
 * @param content the text, without character references
 */
export function inlineHash(content: Buffer, algorithm: string): string {
  // The parser of HTML replaces newlines first: https://html.spec.whatwg.org/#preprocessing-the-input-stream
  const text = content.toString('utf8').replace(/\r\n?/g, '\n');
  return `${algorithm}-${createHash(algorithm).update(text).digest('base64')}`;
}
