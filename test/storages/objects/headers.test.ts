import { describe, expect, it } from 'vitest';
import type { Output } from '../../../src/model/output.js';
import { type HeaderOptions, headerRules, headersText } from '../../../src/storages/objects/headers.js';
import { made } from '../../support/outputs.js';

const rulesOf = (options: HeaderOptions = {}) => headerRules(options, "storage 's3'");
const CSS = made('a.css');

async function headersOf(output: Output, options: HeaderOptions = {}) {
  return (await rulesOf(options)).headersOf(output);
}

describe('the headers of a file', () => {
  it.each<[string, Output, object]>([
    ['a file', CSS, { contentType: 'text/css; charset=utf-8', cacheControl: 'public, max-age=60' }],
    ['an image', made('a.png'), { contentType: 'image/png', cacheControl: 'public, max-age=60' }],
    [
      'a file with a fingerprint',
      made('a.27e20196a850.css', 'a', { logicalPath: 'a.css' }),
      { contentType: 'text/css; charset=utf-8', cacheControl: 'public, max-age=31536000, immutable' },
    ],
    [
      'a file that its processor calls immutable',
      made('a.css', 'a', { immutable: true }),
      { contentType: 'text/css; charset=utf-8', cacheControl: 'public, max-age=31536000, immutable' },
    ],
    [
      'a manifest',
      made('staticfiles.json', '{}', { role: 'manifest' }),
      { contentType: 'application/json', cacheControl: 'no-cache' },
    ],
    [
      'a variant, which has the type of its file',
      made('a.css.gz', 'a', { logicalPath: 'a.css', variantOf: 'a.css' }),
      {
        ...{ contentType: 'text/css; charset=utf-8', cacheControl: 'public, max-age=60' },
        contentEncoding: 'gzip',
      },
    ],
    [
      'an encoded file',
      made('a.css', 'a', { contentEncoding: 'br' }),
      {
        ...{ contentType: 'text/css; charset=utf-8', cacheControl: 'public, max-age=60' },
        contentEncoding: 'br',
      },
    ],
  ])('are those of %s', async (_, output, expected) => {
    expect(await headersOf(output)).toEqual({ ...expected, metadata: {} });
  });

  it('have the age that caches may keep it', async () => {
    expect((await headersOf(CSS, { maxAge: 5 })).cacheControl).toBe('public, max-age=5');
    expect((await headersOf(CSS, { maxAge: 0 })).cacheControl).toBe('public, max-age=0');
  });

  it('are changed by all rules that match its path, the last one first', async () => {
    const headers = {
      '**': { 'Cache-Control': 'private', 'content-language': 'en', metadata: { Team: 'web', site: 'a' } },
      '*.css': { 'cache-control': 'no-store', metadata: { site: 'b' } },
      '.well-known/*': { 'content-disposition': 'inline', 'content-type': 'text/plain' },
    };
    const { headersOf: of } = await rulesOf({ headers });
    expect(of(CSS)).toEqual({
      ...{ contentType: 'text/css; charset=utf-8', cacheControl: 'no-store', contentLanguage: 'en' },
      metadata: { team: 'web', site: 'b' },
    });
    expect(of(made('x/a.css'))).toMatchObject({
      cacheControl: 'private',
      metadata: { team: 'web', site: 'a' },
    });
    expect(of(made('.well-known/x'))).toMatchObject({
      contentType: 'text/plain',
      contentDisposition: 'inline',
      cacheControl: 'private',
    });
  });

  it('leave out what a rule leaves undefined', async () => {
    const headers = {
      '**': { 'cache-control': undefined, metadata: undefined },
      '*.css': undefined,
      'a.*': { metadata: { team: undefined } },
    } as unknown as HeaderOptions['headers'];
    expect(await headersOf(CSS, { headers: headers! })).toEqual(await headersOf(CSS));
  });

  it('are one and the same object for files that have the same ones, also if an index has told them', async () => {
    const { headersOf: of, known } = await rulesOf({ headers: { 'b.css': { 'cache-control': 'no-store' } } });
    expect(of(CSS)).toBe(of(made('c.css')));
    expect(of(CSS)).not.toBe(of(made('b.css')));
    expect(of(CSS)).not.toBe(of(made('a.js')));
    const { metadata, ...others } = of(CSS);
    expect(known({ metadata, ...others })).toBe(of(CSS));
    const other = { ...of(CSS), cacheControl: 'private' };
    expect(known(other)).toBe(other);
    for (let again = 0; again < 2; again++) expect(known({ ...other })).toBe(other);
  });
});

describe('a rule is refused', () => {
  it.each<[string, unknown, string]>([
    ['without an object', 5, "storage 's3': headers['*']: expected an object of headers."],
    [
      'with an unknown header',
      { etag: 'x' },
      "storage 's3': headers['*']: unknown header 'etag'. Allowed are: " +
        'cache-control, content-type, content-disposition, content-language, metadata.',
    ],
    [
      'with another type than text',
      { 'cache-control': 5 },
      "storage 's3': headers['*']: 'cache-control' must be a string.",
    ],
    [
      'with other than ASCII characters',
      { 'cache-control': 'é' },
      "'cache-control' must be of ASCII characters.",
    ],
    ['with a tab', { 'cache-control': 'a\tb' }, "'cache-control' must be of ASCII characters."],
    [
      'with a control character',
      { 'cache-control': 'a\nb' },
      "headers['*']: 'cache-control' cannot be sent: Invalid character",
    ],
    [
      'with metadata that are no object',
      { metadata: 'x' },
      "storage 's3': headers['*'].metadata: expected an object.",
    ],
    [
      'with a name that is none',
      { metadata: { 'a b': 'x' } },
      "headers['*'].metadata: 'a b' cannot be sent: Header name",
    ],
    ['with metadata of another type', { metadata: { a: 5 } }, "headers['*'].metadata: 'a' must be a string."],
  ])('%s', async (_, rule, message) => {
    const refused = rulesOf({ headers: { '*': rule } as never });
    await expect(refused).rejects.toMatchObject({
      code: 'settings',
      message: expect.stringContaining(message),
    });
  });
});

describe('headersText', () => {
  const headers = { contentType: 'text/css', cacheControl: 'no-cache', metadata: { b: '1', a: '2' } };

  it('is the same for equal headers in any order, and without those that are undefined', () => {
    const { contentType, cacheControl } = headers;
    const same = { metadata: { a: '2', b: '1' }, cacheControl, contentType, contentEncoding: undefined };
    expect(headersText(same as never)).toBe(headersText(headers));
  });

  it.each([
    { contentType: 'text/html' },
    { metadata: { b: '1', a: '3' } },
    { metadata: { b: '1' } },
    { contentEncoding: 'gzip' },
  ])('is another one with %j', (change) => {
    expect(headersText({ ...headers, ...change } as never)).not.toBe(headersText(headers));
  });
});
