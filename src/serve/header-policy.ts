import picomatch from 'picomatch';
import type { HeaderPolicy, HeaderValues } from './file-headers.js';
import type { FoundFile } from './file-source.js';
import type { HeadersOption, ServeOptions } from './serve-options.js';

/** A year, as https://www.rfc-editor.org/rfc/rfc8246 has it. */
const FOR_EVER = 'public, max-age=31536000, immutable';

/** What pages of other origins load in no other way: https://fetch.spec.whatwg.org/#concept-request-mode */
const SHARED = /^(?:font\/|application\/(?:vnd\.ms-fontobject|wasm)$|text\/javascript$)/;

/** What the options say of headers. */
export function headerPolicy({ dev, maxAge = 60, cors, headers = {} }: ServeOptions): HeaderPolicy {
  const usual = dev ? 'no-cache' : `public, max-age=${maxAge}`;
  return {
    cacheControl: ({ fingerprinted }) => (fingerprinted ? FOR_EVER : usual),
    isShared: ({ mediaType }) => cors ?? SHARED.test(mediaType),
    more: typeof headers === 'function' ? headers : byGlob(headers),
  };
}

function byGlob(
  headers: Exclude<HeadersOption, (...args: never) => unknown>,
): (file: FoundFile) => HeaderValues {
  const rules = Object.entries(headers).map(([glob, values]) => ({
    isMatch: picomatch(glob, { dot: true }),
    values,
  }));
  return ({ publicPath }) =>
    Object.assign({}, ...rules.filter(({ isMatch }) => isMatch(publicPath)).map(({ values }) => values));
}
