import type { Content } from './content.js';
import type { FoundFile } from './file-source.js';

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

/** The headers of a representation, as `writeHead()` takes them. */
export interface FileHeaders {
  readonly type: string;
  /** Of 200. */
  readonly whole: readonly string[];
  /** Of 206, without type and length. */
  readonly part: readonly string[];
  /** https://www.rfc-editor.org/rfc/rfc9110#section-15.4.5 */
  readonly notModified: readonly string[];
  /** Those that do not tell of the bytes: of 406, 412 and 416. */
  readonly refused: readonly string[];
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
  const { 'content-type': type = withCharset(file.mediaType), vary, ...more } = policy.more(file);
  const shared = {
    ...(policy.isShared(file) && { 'access-control-allow-origin': '*' }),
    'x-content-type-options': 'nosniff',
    ...varyHeader(isNegotiated, vary),
    ...more,
  };
  const cached = { etag, 'cache-control': policy.cacheControl(file), ...shared };
  const part = {
    ...(coding !== 'identity' && { 'content-encoding': coding }),
    'last-modified': new Date(lastModified).toUTCString(),
    'accept-ranges': 'bytes',
    ...cached,
  };
  return {
    type,
    whole: flat({ 'content-type': type, 'content-length': String(size), ...part }),
    part: flat(part),
    notModified: flat(cached),
    refused: flat({ ...shared, 'cache-control': 'no-store', 'content-length': '0' }),
  };
}

/** Short, and yet no other content has it: 132 bits of SHA-384. */
export function entityTag({ integrity }: Content): string {
  return `"${integrity.slice('sha384-'.length, 'sha384-'.length + 22)}"`;
}

function varyHeader(isNegotiated: boolean, more: string | undefined): HeaderValues {
  const names = [...(isNegotiated ? ['Accept-Encoding'] : []), ...(more === undefined ? [] : [more])];
  return names.length === 0 ? {} : { vary: names.join(', ') };
}

function withCharset(mediaType: string): string {
  return mediaType.startsWith('text/') ? `${mediaType}; charset=utf-8` : mediaType;
}

function flat(values: HeaderValues): string[] {
  return Object.entries(values).flat();
}
