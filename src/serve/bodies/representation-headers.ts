import { withCharset } from '../../model/media-type.js';
import type { FoundFile } from '../files/file-source.js';
import { joinVary } from '../http/vary.js';

/** Header values by name. */
export type HeaderValues = Readonly<Record<string, string>>;

/** Rules for the headers of files. */
export interface HeaderPolicy {
  /** Returns the `Cache-Control` of a file; `undefined` for none. */
  cacheControl(file: FoundFile): string | undefined;
  /** Whether pages of other origins may read a file; `by-default` if nobody has asked for it. */
  isShared(file: FoundFile): boolean | 'by-default';
  /** Returns further headers, which replace others of the same name. Names are in lower case. */
  more(file: FoundFile): HeaderValues;
}

/** Headers of a representation, as `writeHead()` takes them. The headers of other statuses are parts of these. */
export interface FileHeaders {
  /** Headers of a 200. They begin with type and length. */
  readonly whole: readonly string[];
  /** Index of the headers that do not depend on the part that is sent: ETag, Cache-Control if there is one, then others. */
  readonly cachedAt: number;
  /** Index of the headers after those. */
  readonly othersAt: number;
  /** Names of headers that give way to those which the response has already. */
  readonly yields: readonly string[] | undefined;
}

const SHARED = 'access-control-allow-origin';

/** Properties of a representation that its headers show. */
export interface Described {
  readonly size: number;
  readonly etag: string;
  /** Milliseconds since 1970. */
  readonly lastModified: number;
  /** `identity`, `br`, `gzip` or `zstd`. */
  readonly coding: string;
  /** Whether the answer depends on the client's Accept-Encoding. */
  readonly isNegotiated: boolean;
}

/** Returns the headers of a representation. */
export function fileHeaders(file: FoundFile, described: Described, policy: HeaderPolicy): FileHeaders {
  const { size, etag, lastModified, coding, isNegotiated } = described;
  const {
    'content-type': type = withCharset(file.mediaType),
    'cache-control': cacheControl = policy.cacheControl(file),
    vary,
    ...more
  } = policy.more(file);
  const shared = policy.isShared(file);
  const ofBytes = {
    'content-type': type,
    'content-length': String(size),
    ...(coding !== 'identity' && { 'content-encoding': coding }),
    'last-modified': new Date(lastModified).toUTCString(),
    'accept-ranges': 'bytes',
  };
  const cached = { etag, ...(cacheControl !== undefined && { 'cache-control': cacheControl }) };
  const joined = joinVary(isNegotiated ? 'Accept-Encoding' : undefined, vary);
  const others = {
    ...(shared && { [SHARED]: '*' }),
    'x-content-type-options': 'nosniff',
    ...(joined !== undefined && { vary: joined }),
    ...more,
  };
  const cachedAt = flat(ofBytes).length;
  return {
    whole: flat({ ...ofBytes, ...cached, ...others }),
    cachedAt,
    othersAt: cachedAt + flat(cached).length,
    yields: shared === 'by-default' && more[SHARED] === undefined ? [SHARED] : undefined,
  };
}

/** Returns the `Content-Type`. */
export function typeOf({ whole }: FileHeaders): string {
  return whole[1]!;
}

/** Returns the headers of a 206, without type and length. */
export function partHeaders({ whole }: FileHeaders): readonly string[] {
  return whole.slice(4);
}

/** Returns the headers of a 304. https://www.rfc-editor.org/rfc/rfc9110#section-15.4.5 */
export function notModifiedHeaders({ whole, cachedAt }: FileHeaders): readonly string[] {
  return whole.slice(cachedAt);
}

/** Returns the headers of a 412 or 416. */
export function refusedHeaders({ whole, othersAt }: FileHeaders): readonly string[] {
  return ['cache-control', 'no-store', 'content-length', '0', ...whole.slice(othersAt)];
}

/** Returns the ETag of a content: 132 bits of its SHA-384, short but unique. */
export function entityTag(integrity: string): string {
  return `"${integrity.slice('sha384-'.length, 'sha384-'.length + 22)}"`;
}

function flat(values: HeaderValues): string[] {
  return Object.entries(values).flat();
}
