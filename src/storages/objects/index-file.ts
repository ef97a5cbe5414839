import { isPublishable } from '../../model/public-path.js';
import { isRecord } from '../../text/json.js';
import { TextBuffer } from '../../text/string-builder.js';
import type { ObjectHeaders } from './object-store.js';

/** What a run knows of an object without requesting it. */
export interface KnownObject {
  /** Bytes. */
  readonly size: number;
  /** SHA-384 of the stored bytes, hexadecimal. If only a listing knows the object: their MD5, or nothing. */
  readonly hash?: string;
  readonly hashAlgorithm?: 'md5' | 'sha384';
  /** The version that all of this belongs to. Absent if the service's listing does not have it. */
  readonly version?: string;
  /** Absent if the service's listing does not have them. Equal headers are one and the same object. */
  readonly headers?: ObjectHeaders;
  /**
   * For a file that this tool has published: when a run first left it out, in milliseconds since 1970, or 0 while every run
   * publishes it.
   */
  readonly unusedSince?: number;
  /** Whether only a listing knows it, so that somebody else may have uploaded it. Indexes leave it out. */
  readonly foreign?: true;
}

/**
 * The index object of a destination. If the head names its version, all of it is true. Otherwise, it is true of the objects
 * that still have the version recorded here.
 */
export interface ObjectIndex {
  /** The destination it was written for. A copy of the index elsewhere is worthless. */
  readonly place: string;
  /** Whether there were, or may have been, objects that no run from here has published. */
  readonly others: boolean;
  /** The objects that runs have published there, by public path. */
  readonly objects: ReadonlyMap<string, KnownObject>;
}

/** Indexes of `1.0` are not used: they may list objects that are gone, or have hashes of decoded bytes. */
const FORMAT = '2.0';

/** `[size, "sha384-…", version, number of the headers, unused since]`: an array is half as long as an object. */
type Entry = readonly [
  size: number,
  integrity: string | null,
  version: string | null,
  headers: number | null,
  unusedSince?: number,
];

/** Returns the bytes of an index object: JSON with one object a line. */
export function indexBytes({ place, others: more, objects }: ObjectIndex): Buffer {
  const headers = new Map<ObjectHeaders, number>();
  let others = more;
  for (const object of objects.values()) {
    others ||= object.foreign ?? false;
    if (!object.foreign && object.headers && !headers.has(object.headers))
      headers.set(object.headers, headers.size);
  }
  const head = { version: FORMAT, place, others, headers: [...headers.keys()] };
  const text = new TextBuffer();
  text.add(`${JSON.stringify(head).slice(0, -1)}${HEAD_END}`);
  let separator = '\n';
  for (const [publicPath, object] of objects) {
    if (object.foreign) continue;
    text.add(`${separator}${JSON.stringify(publicPath)}: ${JSON.stringify(entryOf(object, headers))}`);
    separator = ',\n';
  }
  text.add(END);
  return text.toBuffer();
}

/** The end of the first line. */
const HEAD_END = ', "objects": {';

/** The end of the file. */
const END = '\n}}\n';

function entryOf(
  { size, hash, hashAlgorithm, version, headers, unusedSince }: KnownObject,
  indexes: ReadonlyMap<ObjectHeaders, number>,
): Entry {
  const integrity = hash && `${hashAlgorithm}-${Buffer.from(hash, 'hex').toString('base64')}`;
  const facts = [size, integrity ?? null, version ?? null, headers ? indexes.get(headers)! : null] as const;
  return unusedSince === undefined ? facts : [...facts, unusedSince];
}

/**
 * Reads an index object, line by line: as one value it would take several times the memory.
 *
 * @param known called once for each kind of headers. Returns the headers that objects get; `undefined` if they are unknown
 * @returns `undefined` if it is damaged or has another format, so that the destination is listed instead
 */
export function parseIndex(
  bytes: Uint8Array,
  known: (headers: ObjectHeaders) => ObjectHeaders | undefined = (headers) => headers,
): ObjectIndex | undefined {
  try {
    return readIndex(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), known);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function readIndex(
  bytes: Buffer,
  known: (headers: ObjectHeaders) => ObjectHeaders | undefined,
): ObjectIndex | undefined {
  const lines = linesOf(bytes);
  const first = lines.next().value ?? '';
  if (!first.endsWith(HEAD_END) || !bytes.subarray(-END.length).equals(Buffer.from(END))) return undefined;
  const { version, place, others, headers } = JSON.parse(`${first.slice(0, -HEAD_END.length)}}`);
  if (version !== FORMAT || typeof place !== 'string' || typeof others !== 'boolean') return undefined;
  if (!Array.isArray(headers) || !headers.every(isHeaders)) return undefined;
  const kinds = headers.map(known);
  const objects = new Map<string, KnownObject>();
  for (const line of lines) {
    if (line === '}}') break;
    const [publicPath, entry] = readLine(line);
    const object = objectOf(entry, kinds);
    if (typeof publicPath !== 'string' || !isPublishable(publicPath) || object === undefined)
      return undefined;
    objects.set(publicPath, object);
  }
  return { place, others, objects };
}

function* linesOf(bytes: Buffer): Generator<string> {
  for (let start = 0; start < bytes.length; ) {
    const end = bytes.indexOf('\n', start);
    if (end === -1) return;
    yield bytes.toString('utf8', start, end);
    start = end + 1;
  }
}

/**
 * Reads `"css/app.css": [6, …],`. Parsing the entry alone takes a sixth of the time of parsing the line as an object, but
 * needs a name without escapes.
 */
function readLine(line: string): readonly [publicPath?: string, entry?: unknown] {
  const text = line.endsWith(',') ? line.slice(0, -1) : line;
  const end = text.indexOf('": ');
  if (end === -1 || text[0] !== '"' || text.includes('\\'))
    return Object.entries<unknown>(JSON.parse(`{${text}}`))[0] ?? [];
  return [text.slice(1, end), JSON.parse(text.slice(end + 3))];
}

function objectOf(entry: unknown, kinds: readonly (ObjectHeaders | undefined)[]): KnownObject | undefined {
  if (!Array.isArray(entry)) return undefined;
  const [size, integrity, version, at, unusedSince] = entry as unknown[];
  if (!Number.isSafeInteger(size) || (version !== null && typeof version !== 'string')) return undefined;
  if (at !== null && (typeof at !== 'number' || !(at in kinds))) return undefined;
  const headers = at === null ? undefined : kinds[at];
  const object: Writable<KnownObject> = { size: size as number };
  if (version !== null) object.version = version;
  if (headers !== undefined) object.headers = headers;
  if (typeof unusedSince === 'number') object.unusedSince = unusedSince;
  return integrity === null || addHash(object, integrity) ? object : undefined;
}

/** Spreading the facts of 100,000 objects would take as long as parsing them. */
type Writable<T> = { -readonly [Key in keyof T]: T[Key] };

/** @returns whether the integrity is one */
function addHash(object: Writable<KnownObject>, integrity: unknown): boolean {
  const match = typeof integrity === 'string' && INTEGRITY.exec(integrity);
  if (!match) return false;
  object.hashAlgorithm = match[1] as 'md5' | 'sha384';
  object.hash = Buffer.from(match[2]!, 'base64').toString('hex');
  return true;
}

const INTEGRITY = /^(sha384|md5)-([A-Za-z0-9+/]+=*)$/;

function isHeaders(value: unknown): value is ObjectHeaders {
  if (!isRecord(value) || typeof value.contentType !== 'string' || typeof value.cacheControl !== 'string')
    return false;
  return isRecord(value.metadata);
}
