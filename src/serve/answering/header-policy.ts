import http from 'node:http';
import picomatch from 'picomatch';
import { StaticFilesError } from '../../errors.js';
import type { HeaderPolicy, HeaderValues } from '../bodies/representation-headers.js';
import type { FoundFile } from '../files/file-source.js';
import { assertAmount, type ServeOptions } from '../options.js';

/** A year, as https://www.rfc-editor.org/rfc/rfc8246 has it. */
const FOR_EVER = 'public, max-age=31536000, immutable';

/** What pages of other origins load in no other way: https://fetch.spec.whatwg.org/#concept-request-mode */
const SHARED = /^(?:font\/|application\/(?:vnd\.ms-fontobject|wasm)$|text\/javascript$)/;

/** Those that tell of the bytes, which nobody knows better. */
const OWN: readonly string[] = [
  'accept-ranges',
  'content-encoding',
  'content-length',
  'content-range',
  'etag',
  'last-modified',
  'transfer-encoding',
];

/**
 * What the options say of headers.
 *
 * @throws StaticFilesError `usage` for headers that cannot be sent, or are not to be told; for those that a function
 *   gives, when it gives them
 */
export function headerPolicy({ dev, maxAge = 60, cors, headers = {} }: ServeOptions): HeaderPolicy {
  assertAmount('maxAge', 'seconds', maxAge);
  const usual = dev ? 'no-cache' : `public, max-age=${Math.floor(maxAge)}`;
  return {
    cacheControl: ({ fingerprinted }) => (fingerprinted ? FOR_EVER : usual),
    // Sources are nobody else's business, and any page can ask a server on this machine for them.
    isShared: ({ mediaType }) => cors ?? (!dev && SHARED.test(mediaType)),
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

/** Headers under lower-case names. */
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
  if (OWN.includes(name.toLowerCase())) {
    throw new StaticFilesError(
      'usage',
      `The header '${name}' tells of the bytes: leave it out of the option headers.`,
    );
  }
  try {
    http.validateHeaderName(name);
    http.validateHeaderValue(name, value);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new StaticFilesError(
      'usage',
      `The header '${name}' of the option headers cannot be sent: ${why}.`,
      {
        cause: error,
      },
    );
  }
}
