import { expect, it } from 'vitest';
import { loadMediaTypes } from '../../src/model/media-type.js';

it.each([
  ['a.css', 'text/css'],
  ['a.27e20196a850.css', 'text/css'],
  ['A.CSS', 'text/css'],
  ['a.js', 'text/javascript'],
  ['a.mjs', 'text/javascript'],
  ['a.cjs', 'text/javascript'],
  ['a.js.map', 'application/json'],
  ['a.webmanifest', 'application/manifest+json'],
  ['a.woff2', 'font/woff2'],
  ['a.otf', 'font/otf'],
  ['a.ttf', 'font/ttf'],
  ['a.avif', 'image/avif'],
  ['a.jxl', 'image/jxl'],
  ['a.svg', 'image/svg+xml'],
  ['a.flac', 'audio/flac'],
  ['a.opus', 'audio/ogg'],
  ['a.csv', 'text/csv'],
  ['a.wasm', 'application/wasm'],
  ['a.no-such-type', 'application/octet-stream'],
  ['LICENSE', 'application/octet-stream'],
  ['js/css', 'application/octet-stream'],
  ['dir.css/js', 'application/octet-stream'],
  ['.css', 'application/octet-stream'],
  ['a.constructor', 'application/octet-stream'],
])('%s is %s', async (publicPath, type) => {
  const mediaType = await loadMediaTypes();
  expect(mediaType(publicPath)).toBe(type);
});
