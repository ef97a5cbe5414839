import http from 'node:http';
import picomatch from 'picomatch';
import { StaticFilesError } from '../../errors.js';
import type { HeaderPolicy, HeaderValues } from '../bodies/representation-headers.js';
import type { FoundFile } from '../files/file-source.js';
import { assertAmount, type ServeOptions } from '../options.js';

/** A year, as in https://www.rfc-editor.org/rfc/rfc8246. */
const FOREVER = 'public, max-age=31536000, immutable';

/** Media types that pages always load in CORS mode: https://fetch.spec.whatwg.org/#concept-request-mode */
const SHARED = /^(?:font\/|application\/(?:vnd\.ms-fontobject|wasm)$|text\/javascript$)/;

/** Headers that follow from the bytes, so options cannot set them. */
const OF_BYTES: readonly string[] = [
  'accept-ranges',
  'content-encoding',
  'content-length',
  'content-range',
  'etag',
  'last-modified',
  'transfer-encoding',
];

/**
 * Returns the rules for headers that follow from the options. If the option `headers` is a function, its headers are
 * checked when it is called.
 *
 * @throws StaticFilesError `usage` for headers that are invalid or must not be set
 */
export function headerPolicy({
  dev,
  maxAge = 60,
  cacheControl = true,
  cors,
  headers = {},
}: ServeOptions): HeaderPolicy {
  assertAmount('maxAge', 'seconds', maxAge);
  const usual = dev ? 'no-cache' : `public, max-age=${Math.floor(maxAge)}`;
  return {
    cacheControl: ({ fingerprinted }) => (!cacheControl ? undefined : fingerprinted ? FOREVER : usual),
    // Any web page can request sources from a server on this machine, and must not read them.
    isShared: ({ mediaType }) => cors ?? (!dev && SHARED.test(mediaType) && 'by-default'),
    more: typeof headers === 'function' ? (file) => checked(headers(file)) : byGlob(headers),
  };
}

function byGlob(rules: Readonly<Record<string, HeaderValues>>): (file: FoundFile) => HeaderValues {
  const compiled = Object.entries(rules).map(([glob, values]) => ({
    isMatch: picomatch(glob, { dot: true }),
    values: checked(values),
  }));
  return ({ publicPath }) => {
    const matching = compiled.filter(({ isMatch }) => isMatch(publicPath));
    return Object.assign({}, ...matching.map(({ values }) => values));
  };
}

/** Returns valid headers under lower-case names. */
function checked(headers: HeaderValues = {}): HeaderValues {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) => {
      if (value === undefined) return [];
      assertHeader(name, value);
      return [[name.toLowerCase(), value]];
    }),
  );
}

function assertHeader(name: string, value: string): void {
  if (OF_BYTES.includes(name.toLowerCase())) {
    throw new StaticFilesError(
      'usage',
      `The option headers must not set '${name}', which follows from the bytes of each file. Remove it.`,
    );
  }
  try {
    http.validateHeaderName(name);
    http.validateHeaderValue(name, value);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new StaticFilesError('usage', `The header '${name}' of the option headers is invalid: ${why}.`, {
      cause: error,
    });
  }
}
