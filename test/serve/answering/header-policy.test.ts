import { describe, expect, test } from 'vitest';
import { headerPolicy } from '../../../src/serve/answering/header-policy.js';
import type { FoundFile } from '../../../src/serve/files/file-source.js';

function file(changes: Partial<FoundFile> = {}): FoundFile {
  return {
    ...{ publicPath: 'a.css', file: '/a.css', mediaType: 'text/css', fingerprinted: false, encodings: [] },
    ...changes,
  };
}

describe('Cache-Control', () => {
  test.each([
    [{}, 'public, max-age=60', 'public, max-age=31536000, immutable'],
    [{ maxAge: 0 }, 'public, max-age=0', 'public, max-age=31536000, immutable'],
    [{ maxAge: 90.9 }, 'public, max-age=90', 'public, max-age=31536000, immutable'],
    [{ dev: true }, 'no-cache', 'public, max-age=31536000, immutable'],
    [{ cacheControl: false }, undefined, undefined],
  ])('with %j is %j, and of a fingerprinted file %j', (options, usual, fingerprinted) => {
    const policy = headerPolicy(options);
    expect(policy.cacheControl(file())).toBe(usual);
    expect(policy.cacheControl(file({ fingerprinted: true }))).toBe(fingerprinted);
  });

  test('takes no age that is negative', () => {
    expect(() => headerPolicy({ maxAge: -1 })).toThrow(
      expect.objectContaining({
        code: 'usage',
        message: 'The option maxAge must be a number of seconds, 0 or more: -1.',
      }),
    );
  });
});

describe('files that pages of other origins may read', () => {
  const types = ['font/woff2', 'application/vnd.ms-fontobject', 'application/wasm', 'text/javascript'];
  const others = ['text/css', 'image/png', 'application/wasm-more', 'x-font/woff', 'text/html'];

  test('are by default those that pages always load in CORS mode', () => {
    const { isShared } = headerPolicy({});
    for (const mediaType of types)
      expect([mediaType, isShared(file({ mediaType }))]).toEqual([mediaType, 'by-default']);
    for (const mediaType of others)
      expect([mediaType, isShared(file({ mediaType }))]).toEqual([mediaType, false]);
  });

  test('are none in development', () => {
    const { isShared } = headerPolicy({ dev: true });
    for (const mediaType of types) expect(isShared(file({ mediaType }))).toBe(false);
  });

  test.each([true, false])('are all or none with cors: %s, in development too', (cors) => {
    for (const dev of [true, false])
      for (const mediaType of [...types, ...others])
        expect(headerPolicy({ cors, dev }).isShared(file({ mediaType }))).toBe(cors);
  });
});

describe('the option headers', () => {
  test('gives names in lower case, by glob, the later ones first', () => {
    const { more } = headerPolicy({
      headers: {
        '**/*': { 'X-A': '1', 'x-b': '1' },
        '.well-known/*': { 'x-a': '2' },
        '*.js': { 'x-c': '3' },
      },
    });
    expect(more(file())).toEqual({ 'x-a': '1', 'x-b': '1' });
    expect(more(file({ publicPath: '.well-known/x' }))).toEqual({ 'x-a': '2', 'x-b': '1' });
    expect(headerPolicy({}).more(file())).toEqual({});
  });

  test.each([
    'accept-ranges',
    'content-encoding',
    'Content-Length',
    'content-range',
    'ETag',
    'last-modified',
    'Transfer-Encoding',
  ])('must not set %s, which follows from the bytes', (name) => {
    const wrong = expect.objectContaining({
      code: 'usage',
      message: `The option headers must not set '${name}', which follows from the bytes of each file. Remove it.`,
    });
    expect(() => headerPolicy({ headers: { '*': { [name]: 'x' } } })).toThrow(wrong);
    const { more } = headerPolicy({ headers: () => ({ [name]: 'x' }) });
    expect(() => more(file())).toThrow(wrong);
  });

  test.each([
    ['a b', 'c', /^The header 'a b' of the option headers is invalid: .*Header name.*\.$/],
    ['a', 'b\r\nc: d', /^The header 'a' of the option headers is invalid: .*header content.*\.$/],
  ])('must have valid headers, unlike %j', (name, value, message) => {
    expect(() => headerPolicy({ headers: { '*': { [name]: value } } })).toThrow(
      expect.objectContaining({
        code: 'usage',
        message: expect.stringMatching(message),
        cause: expect.any(TypeError),
      }),
    );
  });
});
