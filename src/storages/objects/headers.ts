import http from 'node:http';
import { encodingOf, IDENTITY } from '../../model/content-encoding.js';
import { loadMediaTypes, withCharset } from '../../model/media-type.js';
import { isImmutable, isManifest, type Output } from '../../model/output.js';
import { invalidOption, withoutUndefined } from '../../plugins/options.js';
import { isRecord } from '../../text/json.js';
import type { ObjectHeaders } from './object-store.js';

/** The headers of the files that match a glob. */
export type HeaderRule = Readonly<
  Partial<Record<HeaderName, string>> & { metadata?: Readonly<Record<string, string>> }
>;

/** The headers that every service lets you choose, with their names in {@link ObjectHeaders}. */
const NAMES = {
  'cache-control': 'cacheControl',
  'content-type': 'contentType',
  'content-disposition': 'contentDisposition',
  'content-language': 'contentLanguage',
} as const;

/** A header that can be chosen. */
export type HeaderName = keyof typeof NAMES;

export interface HeaderOptions {
  /** Rules by globs of public paths. All that match apply; later ones override earlier ones. */
  readonly headers?: Readonly<Record<string, HeaderRule>>;
  /** How many seconds caches may keep files without a fingerprint in their name. */
  readonly maxAge?: number;
}

/** The compiled rules for headers. */
export interface HeaderRules {
  /** Returns the headers that an output is served with. */
  headersOf(output: Output): ObjectHeaders;
  readonly known: KnownHeaders;
}

/** A year and `immutable`: https://www.rfc-editor.org/rfc/rfc8246 */
const FOR_EVER = 'public, max-age=31536000, immutable';

const DEFAULT_MAX_AGE = 60;

/**
 * Compiles the rules.
 *
 * @param plugin the storage, for messages: `storage 's3'`
 * @throws StaticFilesError `settings` for invalid rules
 */
export async function headerRules(
  { headers = {}, maxAge = DEFAULT_MAX_AGE }: HeaderOptions,
  plugin: string,
): Promise<HeaderRules> {
  const picomatch = Object.keys(headers).length > 0 ? (await import('picomatch')).default : undefined;
  const rules = Object.entries(withoutUndefined(headers)).map(([glob, rule]) => ({
    glob,
    isMatch: picomatch!(glob, { dot: true }),
    rule: checkedRule(rule, { plugin, key: `headers['${glob}']` }),
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
      // There are few kinds of headers and many files.
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

/** The key of an option, with the storage for messages. */
interface OptionKey {
  readonly plugin: string;
  readonly key: string;
}

function checkedRule(rule: unknown, { plugin, key }: OptionKey): CheckedRule {
  if (!isRecord(rule)) throw invalidOption(plugin, key, 'expected an object of headers.');
  const { metadata = {}, ...headers } = rule;
  const named = Object.entries(withoutUndefined(headers)).map(([name, value]) => {
    const known = NAMES[name.toLowerCase() as HeaderName];
    if (known === undefined) {
      throw invalidOption(plugin, key, `unknown header '${name}'. Allowed are: ${ALLOWED}.`);
    }
    return [known, sendable(name, value, { plugin, key })];
  });
  const metadataKey = { plugin, key: `${key}.metadata` };
  if (!isRecord(metadata)) throw invalidOption(plugin, metadataKey.key, 'expected an object.');
  const pairs = Object.entries(withoutUndefined(metadata)).map(([name, value]) => [
    name.toLowerCase(),
    sendable(name, value, metadataKey),
  ]);
  return { ...Object.fromEntries(named), metadata: Object.fromEntries(pairs) };
}

const ALLOWED = [...Object.keys(NAMES), 'metadata'].join(', ');

function sendable(name: string, value: unknown, { plugin, key }: OptionKey): string {
  const refuse = (problem: string) => invalidOption(plugin, key, `'${name}' ${problem}.`);
  try {
    http.validateHeaderName(name);
    http.validateHeaderValue(name, value as string);
  } catch (error) {
    throw refuse(`cannot be sent: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (typeof value !== 'string') throw refuse('must be a string');
  // Services disagree about all other characters.
  if (!/^[\x20-\x7e]*$/.test(value)) throw refuse('must be of ASCII characters');
  return value;
}

/** Returns the very same object for equal headers. They are then compared by identity, and written to the index once. */
export type KnownHeaders = (headers: ObjectHeaders) => ObjectHeaders;

function createKnownHeaders(): KnownHeaders {
  const known = new Map<string, ObjectHeaders>();
  return (headers) => {
    const text = headersText(headers);
    const same = known.get(text);
    if (same === undefined) known.set(text, headers);
    return same ?? headers;
  };
}

/** Returns a text that is the same for equal headers. */
export function headersText({ metadata, ...headers }: ObjectHeaders): string {
  const given = Object.entries(headers).filter(([, value]) => value !== undefined);
  return JSON.stringify([given.sort(byName), Object.entries(metadata).sort(byName)]);
}

function byName([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : 1;
}
