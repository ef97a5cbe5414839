import { isRecord } from '../../json.js';
import type { ObjectHeaders } from './object-store.js';

/** What is known of an object without asking for it. */
export interface KnownObject {
  /** Bytes. */
  readonly size: number;
  /** SHA-384 of the content, hexadecimal; the MD5 of the bytes where only a listing tells of it, or nothing. */
  readonly hash?: string;
  readonly hashAlgorithm?: 'md5' | 'sha384';
  /** The version that all this was known of. */
  readonly version: string;
  /** Unknown where the service's listing does not tell. One object for all that have the same. */
  readonly headers?: ObjectHeaders;
  /**
   * Of a file that this tool has published: when a run first did not publish it again, in milliseconds since 1970; 0
   * while each does.
   */
  readonly leftSince?: number;
}

/** What an index object says. */
export interface ObjectIndex {
  /** Where it was written; a copy elsewhere says nothing of what is there. */
  readonly place: string;
  /** Whether a run is writing, or died while it did: then it is true only of objects that still have their version. */
  readonly open: boolean;
  /** By public path. */
  readonly objects: ReadonlyMap<string, KnownObject>;
}

/** The name of the index object. It begins with a dot, so that no static file is called so unless somebody insists. */
export const INDEX_NAME = '.staticfiles-index.json';

const FORMAT = '1.0';

/** `[size, "sha384-…", version, which of the headers, left since]`: an array is half as long as an object. */
type Entry = readonly [
  size: number,
  integrity: string | null,
  version: string,
  headers: number | null,
  leftSince?: number,
];

/** The text of an index object: one object a line. */
export function indexText({ place, open, objects }: ObjectIndex): string {
  const headers = new Map<ObjectHeaders, number>();
  const lines: string[] = [];
  for (const [publicPath, object] of objects) {
    if (object.headers && !headers.has(object.headers)) headers.set(object.headers, headers.size);
    lines.push(`${JSON.stringify(publicPath)}: ${JSON.stringify(entryOf(object, headers))}`);
  }
  const head = { version: FORMAT, place, open, headers: [...headers.keys()] };
  return `${JSON.stringify(head).slice(0, -1)}, "objects": {\n${lines.join(',\n')}\n}}\n`;
}

function entryOf(
  { size, hash, hashAlgorithm, version, headers, leftSince }: KnownObject,
  indexes: ReadonlyMap<ObjectHeaders, number>,
): Entry {
  const integrity = hash && `${hashAlgorithm}-${Buffer.from(hash, 'hex').toString('base64')}`;
  const facts = [size, integrity ?? null, version, headers ? indexes.get(headers)! : null] as const;
  return leftSince === undefined ? facts : [...facts, leftSince];
}

/** Reads an index object; one that is damaged, or of a format of the future, is none: what is there is listed then. */
export function parseIndex(text: string): ObjectIndex | undefined {
  let index: unknown;
  try {
    index = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isRecord(index) || index.version !== FORMAT) return undefined;
  const { place, open, headers, objects } = index;
  if (typeof place !== 'string' || typeof open !== 'boolean') return undefined;
  if (!Array.isArray(headers) || !headers.every(isHeaders) || !isRecord(objects)) return undefined;
  const known = new Map<string, KnownObject>();
  for (const [publicPath, entry] of Object.entries(objects)) {
    const object = objectOf(entry, headers);
    if (object === undefined) return undefined;
    known.set(publicPath, object);
  }
  return { place, open, objects: known };
}

function objectOf(entry: unknown, allHeaders: readonly ObjectHeaders[]): KnownObject | undefined {
  if (!Array.isArray(entry)) return undefined;
  const [size, integrity, version, at, leftSince] = entry as unknown[];
  if (!Number.isSafeInteger(size) || typeof version !== 'string') return undefined;
  const headers = typeof at === 'number' ? allHeaders[at] : undefined;
  if (at !== null && headers === undefined) return undefined;
  const hash = integrity === null ? {} : hashOf(integrity);
  const left = typeof leftSince === 'number' && { leftSince };
  return hash && { size: size as number, version, ...hash, ...(headers && { headers }), ...left };
}

function hashOf(integrity: unknown): Pick<KnownObject, 'hash' | 'hashAlgorithm'> | undefined {
  const match = typeof integrity === 'string' && /^(sha384|md5)-([A-Za-z0-9+/]+=*)$/.exec(integrity);
  if (!match) return undefined;
  const [, hashAlgorithm, base64] = match as unknown as [string, 'md5' | 'sha384', string];
  return { hashAlgorithm, hash: Buffer.from(base64, 'base64').toString('hex') };
}

function isHeaders(value: unknown): value is ObjectHeaders {
  if (!isRecord(value) || typeof value.contentType !== 'string' || typeof value.cacheControl !== 'string')
    return false;
  return isRecord(value.metadata);
}
