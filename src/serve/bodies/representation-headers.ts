import { withCharset } from '../../model/media-type.js';
import type { FoundFile } from '../files/file-source.js';

/** Headers by name. */
export type HeaderValues = Readonly<Record<string, string>>;

/** How files are to be answered. */
export interface HeaderPolicy {
  /** `Cache-Control` of a file. */
  cacheControl(file: FoundFile): string;
  /** Whether pages of other sites may read a file. */
  isShared(file: FoundFile): boolean;
  /** Further headers, which take the place of others, under lower-case names. */
  more(file: FoundFile): HeaderValues;
}

/** The headers of a representation, as `writeHead()` takes them. Those of other answers are a part of these. */
export interface FileHeaders {
  /** Of 200. They begin with type and length. */
  readonly whole: readonly string[];
  /** Where those begin that do not tell of the bytes: first ETag, then Cache-Control. */
  readonly cachedAt: number;
}

/** What of a representation its headers tell. */
export interface Described {
  readonly size: number;
  readonly etag: string;
  /** Milliseconds since 1970. */
  readonly lastModified: number;
  /** `identity`, `br`… */
  readonly coding: string;
  /** Whether the client's Accept-Encoding matters. */
  readonly isNegotiated: boolean;
}

export function fileHeaders(file: FoundFile, described: Described, policy: HeaderPolicy): FileHeaders {
  const { size, etag, lastModified, coding, isNegotiated } = described;
  const {
    'content-type': type = withCharset(file.mediaType),
    'cache-control': cacheControl = policy.cacheControl(file),
    vary,
    ...more
  } = policy.more(file);
  const ofBytes = {
    'content-type': type,
    'content-length': String(size),
    ...(coding !== 'identity' && { 'content-encoding': coding }),
    'last-modified': new Date(lastModified).toUTCString(),
    'accept-ranges': 'bytes',
  };
  const others = {
    etag,
    'cache-control': cacheControl,
    ...(policy.isShared(file) && { 'access-control-allow-origin': '*' }),
    'x-content-type-options': 'nosniff',
    ...varyHeader(isNegotiated, vary),
    ...more,
  };
  return { whole: flat({ ...ofBytes, ...others }), cachedAt: flat(ofBytes).length };
}

export function typeOf({ whole }: FileHeaders): string {
  return whole[1]!;
}

/** Of 206, without type and length. */
export function partHeaders({ whole }: FileHeaders): readonly string[] {
  return whole.slice(4);
}

/** Of 304: https://www.rfc-editor.org/rfc/rfc9110#section-15.4.5 */
export function notModifiedHeaders({ whole, cachedAt }: FileHeaders): readonly string[] {
  return whole.slice(cachedAt);
}

/** Of 412 and 416. */
export function refusedHeaders({ whole, cachedAt }: FileHeaders): readonly string[] {
  return ['cache-control', 'no-store', 'content-length', '0', ...whole.slice(cachedAt + 4)];
}

/** Short, and yet no other content has it: 132 bits of SHA-384. */
export function entityTag(integrity: string): string {
  return `"${integrity.slice('sha384-'.length, 'sha384-'.length + 22)}"`;
}

function varyHeader(isNegotiated: boolean, more: string | undefined): HeaderValues {
  const names = [...(isNegotiated ? ['Accept-Encoding'] : []), ...(more === undefined ? [] : [more])];
  return names.length === 0 ? {} : { vary: names.join(', ') };
}

function flat(values: HeaderValues): string[] {
  return Object.entries(values).flat();
}
