import http from 'node:http';
import { StaticFilesError } from '../../errors.js';
import { encodingOf, IDENTITY } from '../../model/content-encoding.js';
import { loadMediaTypes, withCharset } from '../../model/media-type.js';
import { isImmutable, isManifest, type Output } from '../../model/output.js';
import { withoutUndefined } from '../../plugins/options.js';
import { isRecord } from '../../text/json.js';
import type { ObjectHeaders } from './object-store.js';

/** What files that match a glob are served with. */
export type HeaderRule = Readonly<
  Partial<Record<HeaderName, string>> & { metadata?: Readonly<Record<string, string>> }
>;

/** The headers that the services let one choose, and how they are called here. */
const NAMES = {
  'cache-control': 'cacheControl',
  'content-type': 'contentType',
  'content-disposition': 'contentDisposition',
  'content-language': 'contentLanguage',
} as const;

type HeaderName = keyof typeof NAMES;

export interface HeaderOptions {
  /** By globs of public paths, all that match, later ones over earlier ones. */
  readonly headers?: Readonly<Record<string, HeaderRule>>;
  /** For how many seconds caches may keep what has no fingerprint in its name. */
  readonly maxAge?: number;
}

/** Says with which headers an output is served. */
export interface HeaderRules {
  headersOf(output: Output): ObjectHeaders;
  readonly known: KnownHeaders;
}

/** A year, as https://www.rfc-editor.org/rfc/rfc8246 has it. */
const FOR_EVER = 'public, max-age=31536000, immutable';

const DEFAULT_MAX_AGE = 60;

/**
 * Compiles the rules.
 *
 * @param subject the storage, for messages: `The storage 's3'`
 * @throws StaticFilesError `settings` for rules that cannot be followed
 */
export async function headerRules(
  { headers = {}, maxAge = DEFAULT_MAX_AGE }: HeaderOptions,
  subject: string,
): Promise<HeaderRules> {
  const picomatch = Object.keys(headers).length > 0 ? (await import('picomatch')).default : undefined;
  const rules = Object.entries(withoutUndefined(headers)).map(([glob, rule]) => ({
    glob,
    isMatch: picomatch!(glob, { dot: true }),
    rule: checkedRule(rule, `${subject}: headers['${glob}']`),
  }));
  const mediaType = await loadMediaTypes();
  const known = createKnownHeaders();
  const made = new Map<string, ObjectHeaders>();
  const usual = `public, max-age=${maxAge}`;
  return {
    known,
    headersOf(output) {
      const { publicPath, variantOf = publicPath } = output;
      const type = mediaType(variantOf);
      const cacheControl = isImmutable(output) ? FOR_EVER : isManifest(output) ? 'no-cache' : usual;
      const encoding = encodingOf(output);
      const matching = rules.filter(({ isMatch }) => isMatch(publicPath));
      // There are few kinds, and many files.
      const kind = `${type}\n${cacheControl}\n${encoding}\n${matching.map(({ glob }) => glob)}`;
      let headers = made.get(kind);
      if (headers === undefined) {
        headers = known(headersLike(type, cacheControl, encoding, matching));
        made.set(kind, headers);
      }
      return headers;
    },
  };
}

function headersLike(
  mediaType: string,
  cacheControl: string,
  encoding: string,
  matching: readonly { readonly rule: CheckedRule }[],
): ObjectHeaders {
  return {
    contentType: withCharset(mediaType),
    cacheControl,
    ...(encoding !== IDENTITY && { contentEncoding: encoding }),
    ...Object.assign({}, ...matching.map(({ rule }) => rule)),
    metadata: Object.assign({}, ...matching.map(({ rule }) => rule.metadata)),
  };
}

type CheckedRule = Partial<ObjectHeaders>;

function checkedRule(rule: unknown, subject: string): CheckedRule {
  if (!isRecord(rule)) throw wrong(`${subject} must be an object of headers.`);
  const { metadata = {}, ...headers } = rule;
  const named = Object.entries(withoutUndefined(headers)).map(([name, value]) => {
    const key = NAMES[name.toLowerCase() as HeaderName];
    if (key === undefined) {
      throw wrong(`${subject} has '${name}', which cannot be chosen. Allowed are: ${ALLOWED}.`);
    }
    return [key, sendable(name, value, subject)];
  });
  if (!isRecord(metadata)) throw wrong(`${subject}.metadata must be an object.`);
  const pairs = Object.entries(withoutUndefined(metadata)).map(([name, value]) => [
    name.toLowerCase(),
    sendable(name, value, `${subject}.metadata`),
  ]);
  return { ...Object.fromEntries(named), metadata: Object.fromEntries(pairs) };
}

const ALLOWED = [...Object.keys(NAMES), 'metadata'].join(', ');

function sendable(name: string, value: unknown, subject: string): string {
  try {
    http.validateHeaderName(name);
    http.validateHeaderValue(name, value as string);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw wrong(`${subject}: '${name}' cannot be sent: ${why}.`);
  }
  if (typeof value !== 'string') throw wrong(`${subject}: '${name}' must be a string.`);
  // What else there is, each service makes something else of.
  if (!/^[\x20-\x7e]*$/.test(value)) throw wrong(`${subject}: '${name}' must be of ASCII characters.`);
  return value;
}

function wrong(message: string): StaticFilesError {
  return new StaticFilesError('settings', message);
}

/** Gives the very same object for equal headers, so that they are compared, and written to the index, as one. */
export type KnownHeaders = (headers: ObjectHeaders) => ObjectHeaders;

/** Begins a collection of headers. */
function createKnownHeaders(): KnownHeaders {
  const known = new Map<string, ObjectHeaders>();
  return (headers) => {
    const text = headersText(headers);
    const same = known.get(text);
    if (same === undefined) known.set(text, headers);
    return same ?? headers;
  };
}

/** The same text for equal headers. */
export function headersText({ metadata, ...headers }: ObjectHeaders): string {
  const given = Object.entries(headers).filter(([, value]) => value !== undefined);
  return JSON.stringify([given.sort(byName), Object.entries(metadata).sort(byName)]);
}

function byName([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : 1;
}
