import fs from 'node:fs';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import type { ServeOptions } from '../../src/serve/options.js';
import { serve } from '../../src/serve/serve.js';
import { ask } from './support/ask.js';
import { openFiles } from './support/open-files.js';
import { FINGERPRINTED, newSite } from './support/site.js';

const CSS = '.selector { color: red; background: white }\n'.repeat(80);
const LARGE = 'large '.repeat(300_000);
const FILES = {
  'css/app.css': CSS,
  'css/legacy.css': 'a{}',
  'fonts/a.woff2': 'woff2',
  'docs/index.html': '<p>docs',
  'docs/a b/index.html': '<p>spaces',
  'large.txt': LARGE,
  'img/photo.png': 'png',
};

async function start(options: ServeOptions = {}) {
  const site = await newSite(FILES);
  return { site, statics: await serve({ manifest: site.manifest, env: {}, ...options }) };
}

/** Returns the headers of a file under its plain name. */
async function headersOf(options: ServeOptions, name: string) {
  const { statics } = await start(options);
  return (await ask(statics, `/static/${name}`))!.headers;
}

describe('headers', () => {
  test.each<[string, unknown]>([
    ['no rules', undefined],
    ['no headers of a glob', { '**': undefined }],
    ['no value of a header', { '**': { 'X-All': undefined } }],
    ['nothing from a function', () => undefined],
    ['no value from a function', () => ({ 'X-All': undefined })],
  ])('keep their defaults with %s', async (_, headers) => {
    const got = await headersOf({ headers } as ServeOptions, 'css/app.css');
    expect(got).toMatchObject({ 'cache-control': 'public, max-age=60' });
    expect(got).not.toHaveProperty('x-all');
  });

  test('can be set by glob; later ones override earlier ones', async () => {
    const headers = {
      '**': { 'X-All': 'all', 'Cache-Control': 'private' },
      'css/*.css': { 'x-css': 'css', 'cache-control': 'public, max-age=5' },
      '*.css': { 'x-top': 'top' },
    };
    const got = await headersOf({ headers }, 'css/app.css');
    expect(got).toMatchObject({ 'x-all': 'all', 'x-css': 'css', 'cache-control': 'public, max-age=5' });
    expect(got).not.toHaveProperty('x-top');
    expect(await headersOf({ headers }, 'img/photo.png')).toMatchObject({ 'cache-control': 'private' });
  });

  test('can be set by a function, which is called once for each file', async () => {
    const headers = vi.fn(({ publicPath, mediaType, fingerprinted }) => ({
      'x-file': `${publicPath} ${mediaType} ${fingerprinted}`,
    }));
    const { site, statics } = await start({ headers });
    const reported = async (url: string) => (await ask(statics, url))?.headers['x-file'];
    expect(await reported('/static/css/app.css')).toBe('css/app.css text/css false');
    expect(await reported('/static/css/app.css')).toBe('css/app.css text/css false');
    const url = site.url('css/app.css');
    expect(await reported(url)).toBe(`${url.slice('/static/'.length)} text/css true`);
    expect(headers).toHaveBeenCalledTimes(2);
  });

  test('are also sent with 206, 304, 412 and 416', async () => {
    const { statics } = await start({ headers: { '**': { 'x-own': 'own' } } });
    const etag = (await ask(statics, '/static/img/photo.png'))!.headers.etag!;
    const requests = [
      [206, { range: 'bytes=0-0' }],
      [304, { 'if-none-match': etag }],
      [412, { 'if-match': '"other"' }],
      [416, { range: 'bytes=9-' }],
    ] as const;
    for (const [status, headers] of requests) {
      const reply = await ask(statics, '/static/img/photo.png', headers);
      expect([reply?.status, reply?.headers['x-own']]).toEqual([status, 'own']);
    }
  });

  test('can set another charset and add to Vary', async () => {
    const headers = {
      'css/legacy.css': { 'content-type': 'text/css; charset=windows-1252' },
      '**/app.*': { vary: 'Origin' },
    };
    expect(await headersOf({ headers }, 'css/legacy.css')).toMatchObject({
      'content-type': 'text/css; charset=windows-1252',
    });
    const { site, statics } = await start({ headers });
    expect((await ask(statics, site.url('css/app.css')))?.headers.vary).toBe('Accept-Encoding, Origin');
    expect((await ask(statics, '/static/css/app.css'))?.headers.vary).toBe('Origin');
  });

  test.each([
    ['an invalid name', { 'a b': 'c' }, /'a b' of the option headers is invalid/],
    ['an invalid value', { a: 'b\r\nc: d' }, /'a' of the option headers is invalid/],
    ['a header that follows from the bytes', { ETag: '"mine"' }, /must not set 'ETag'/],
  ])('must not contain %s', async (_, values, message) => {
    const wrong = expect.objectContaining({ code: 'usage', message: expect.stringMatching(message) });
    await expect(start({ headers: { '**': values } })).rejects.toThrow(wrong);
    const { statics } = await start({ headers: () => values });
    await expect(ask(statics, '/static/css/app.css')).rejects.toThrow(wrong);
  });
});

test('Vary that the option headers sets is not doubled', async () => {
  const { site, statics } = await start({ headers: { '**': { vary: 'accept-encoding, Origin' } } });
  expect((await ask(statics, site.url('css/app.css')))?.headers.vary).toBe('Accept-Encoding, Origin');
});

describe('cacheControl', () => {
  test('false leaves the header to another layer', async () => {
    const { site, statics } = await start({ cacheControl: false });
    const { etag, ...headers } = (await ask(statics, site.url('css/app.css')))!.headers;
    expect(headers).not.toHaveProperty('cache-control');
    const conditions = [
      [206, { range: 'bytes=0-3' }],
      [304, { 'if-none-match': etag! }],
    ] as const;
    for (const [status, condition] of conditions) {
      const reply = await ask(statics, site.url('css/app.css'), condition);
      expect([reply?.status, reply?.headers.etag]).toEqual([status, etag]);
      expect(reply?.headers).not.toHaveProperty('cache-control');
    }
  });

  test('false does not change errors, which caches must not keep, nor what the option headers sets', async () => {
    const { statics } = await start({
      cacheControl: false,
      headers: { 'img/*': { 'cache-control': 'no-cache' } },
    });
    expect((await ask(statics, '/static/none.css'))?.headers['cache-control']).toBe('no-store');
    expect((await ask(statics, '/static/img/photo.png'))?.headers['cache-control']).toBe('no-cache');
    const failed = await ask(statics, '/static/css/app.css', { 'if-match': '"other"' });
    expect(failed).toMatchObject({
      status: 412,
      headers: { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' },
    });
    expect(failed?.headers).not.toHaveProperty('etag');
  });
});

describe('maxAge', () => {
  test.each([
    [0, 'public, max-age=0'],
    [3600, 'public, max-age=3600'],
  ])('%d gives %j', async (maxAge, cacheControl) => {
    expect((await headersOf({ maxAge }, 'css/app.css'))['cache-control']).toBe(cacheControl);
  });

  test.each([-1, Number.NaN])('%d is an error', async (maxAge) => {
    await expect(start({ maxAge })).rejects.toThrow(expect.objectContaining({ code: 'usage' }));
  });
});

describe('cors', () => {
  test.each([
    [undefined, ['fonts/a.woff2']],
    [true, ['css/app.css', 'fonts/a.woff2', 'img/photo.png']],
    [false, []],
  ])('%s shares %j', async (cors, shared) => {
    const { statics } = await start(cors === undefined ? {} : { cors });
    const names = ['css/app.css', 'fonts/a.woff2', 'img/photo.png'];
    const allowed = await Promise.all(
      names.map(
        async (name) => (await ask(statics, `/static/${name}`))?.headers['access-control-allow-origin'],
      ),
    );
    expect(names.filter((_, index) => allowed[index] === '*')).toEqual(shared);
  });
});

describe('indexFile', () => {
  test('answers for its folder', async () => {
    const { statics } = await start({ indexFile: 'index.html' });
    expect(await ask(statics, '/static/docs/')).toMatchObject({
      status: 200,
      text: '<p>docs',
      headers: { 'content-type': 'text/html; charset=utf-8' },
    });
    expect((await ask(statics, '/static/img/'))?.status).toBe(404);
    expect((await ask(statics, '/static/'))?.status).toBe(404);
  });

  test('redirects the path without a slash and keeps the query', async () => {
    const { statics } = await start({ indexFile: 'index.html' });
    expect(await ask(statics, '/static/docs?a=1')).toMatchObject({
      status: 301,
      headers: { location: '/static/docs/?a=1', 'cache-control': 'no-store' },
    });
    expect((await ask(statics, '/static/docs/a%20b'))?.headers.location).toBe('/static/docs/a%20b/');
    expect((await ask(statics, 'http://evil.test/static/docs'))?.headers.location).toBe('/static/docs/');
    expect((await ask(statics, '//evil.test/static/docs'))?.status).not.toBe(301);
  });

  test('is off by default', async () => {
    const { statics } = await start();
    expect((await ask(statics, '/static/docs/'))?.status).toBe(404);
    expect((await ask(statics, '/static/docs/index.html'))?.status).toBe(200);
  });
});

describe('baseUrl', () => {
  test.each([
    ['/assets/v1/', '/assets/v1/css/app.css'],
    ['https://cdn.test/files/', '/files/css/app.css'],
    ['//cdn.test/', '/css/app.css'],
    ['/a%20b/', '/a%20b/css/app.css'],
  ])('%s serves %s', async (baseUrl, url) => {
    const { statics } = await start({ baseUrl });
    expect((await ask(statics, url))?.text).toBe(CSS);
    expect(await ask(statics, '/elsewhere/css/app.css').then((reply) => reply?.text)).not.toBe(CSS);
  });

  test('comes from the environment by default', async () => {
    const { statics } = await start({ env: { STATIC_URL: '/other/' } });
    expect((await ask(statics, '/other/css/app.css'))?.text).toBe(CSS);
    expect(await ask(statics, '/static/css/app.css')).toBeUndefined();
  });

  test.each(['/', 'https://cdn.example.com/', '//cdn.example.com/'])(
    'from staticUrl %s leaves the application its paths',
    async (staticUrl) => {
      const site = await newSite(FILES, { ...FINGERPRINTED, staticUrl });
      const statics = await serve({ settings: site.path('staticfiles.config.json'), env: {} });
      for (const path of ['/', '/about', '/about/', '/none.css', '/%zz']) {
        expect([path, await ask(statics, path)]).toEqual([path, undefined]);
      }
      expect((await ask(statics, '/css/app.css'))?.text).toBe(CSS);
      expect((await ask(statics, '/css/app.0123456789ab.css'))?.status).toBe(404);
      expect((await ask(statics, '/css/app.css', {}, 'POST'))?.status).toBe(405);
      expect(await ask(statics, '/css/app.0123456789ab.css', {}, 'POST')).toBeUndefined();
    },
  );

  test('at the root of a host, fallthrough: false answers all paths', async () => {
    const { statics } = await start({ baseUrl: '/', fallthrough: false });
    expect((await ask(statics, '/about'))?.status).toBe(404);
    expect((await ask(statics, '/about', {}, 'POST'))?.status).toBe(405);
  });

  test('must end in a slash', async () => {
    await expect(start({ baseUrl: '/static' })).rejects.toThrow(expect.objectContaining({ code: 'usage' }));
  });
});

describe('rootDir', () => {
  async function startWithRoot(options: ServeOptions = {}) {
    const site = await newSite(FILES);
    site.write({
      'top/robots.txt': 'robots',
      'top/favicon.ico': 'icon',
      'top/.well-known/security.txt': 'contact',
      'top/.env': 'secret',
      'top/index.html': '<p>home',
      'top/link.txt': { link: '../root/css/app.css' },
      'top/static/css/app.css': 'not this one',
    });
    return serve({ manifest: site.manifest, env: {}, rootDir: site.path('top'), ...options });
  }

  test('is served at /; other requests fall through to the application', async () => {
    const statics = await startWithRoot();
    expect(await ask(statics, '/robots.txt')).toMatchObject({
      text: 'robots',
      headers: { 'cache-control': 'public, max-age=60', 'content-type': 'text/plain; charset=utf-8' },
    });
    expect((await ask(statics, '/favicon.ico'))?.headers['content-type']).toBe('image/vnd.microsoft.icon');
    expect((await ask(statics, '/.well-known/security.txt'))?.text).toBe('contact');
    for (const path of ['/', '/.env', '/link.txt', '/none', '/%zz', '/../x', '*', '/a.0123456789ab.css']) {
      expect([path, await ask(statics, path)]).toEqual([
        path,
        path === '/link.txt' ? expect.anything() : undefined,
      ]);
    }
    expect((await ask(statics, '/link.txt'))?.status).toBe(404);
  });

  test('comes after the static files', async () => {
    const statics = await startWithRoot({ fallthrough: true });
    expect((await ask(statics, '/static/css/app.css'))?.text).toBe(CSS);
  });

  test('can have an index file', async () => {
    const statics = await startWithRoot({ indexFile: 'index.html' });
    expect((await ask(statics, '/'))?.text).toBe('<p>home');
    expect(await ask(statics, '/', {}, 'POST')).toBeUndefined();
  });

  test('must exist', async () => {
    await expect(start({ rootDir: '/none/such' })).rejects.toThrow(
      expect.objectContaining({
        code: 'target',
        message: expect.stringContaining("'/none/such': no such file"),
      }),
    );
  });
});

describe('cacheSize', () => {
  test.each([0, 100, 4000, 50_000])(
    '%d bytes: answers do not depend on what is in memory',
    async (cacheSize) => {
      const { site, statics } = await start({ cacheSize });
      for (let round = 0; round < 3; round++) {
        for (const [name, text] of Object.entries(FILES)) {
          expect((await ask(statics, encodeURI(`/static/${name}`)))?.text).toBe(text);
          const { headers } = (await ask(statics, encodeURI(`/static/${name}`), { range: 'bytes=1-2' }))!;
          expect(headers['content-range']).toBe(`bytes 1-2/${text.length}`);
        }
      }
      statics.close();
      await vi.waitFor(() => expect(openFiles(site.dir)).toEqual([]));
    },
  );

  test.each([-1, Number.NaN])('%d is an error', async (cacheSize) => {
    await expect(start({ cacheSize })).rejects.toThrow(expect.objectContaining({ code: 'usage' }));
  });
});

describe('a large file', () => {
  test('is opened once for any number of requests', async () => {
    const { site, statics } = await start();
    const replies = await Promise.all(Array.from({ length: 30 }, () => ask(statics, '/static/large.txt')));
    expect(replies.every((reply) => reply?.text === LARGE)).toBe(true);
    expect(openFiles(site.dir)).toEqual([site.path('root/large.txt')]);
    statics.close();
    await vi.waitFor(() => expect(openFiles(site.dir)).toEqual([]));
  });

  test('is opened once, however its name is escaped', async () => {
    const { site, statics } = await start({ indexFile: 'large.txt' });
    for (const path of ['large.txt', '%6carge.txt', 'larg%65.txt', '%6C%61rge.txt', 'large%2Etxt', '']) {
      expect((await ask(statics, `/static/${path}`))?.text).toBe(LARGE);
    }
    expect(openFiles(site.dir)).toEqual([site.path('root/large.txt')]);
  });

  test('is sent to its end even if the server is closed', async () => {
    const { site, statics } = await start();
    const answered = await statics.answer({ method: 'GET', url: '/static/large.txt', headers: {} });
    const body = answered?.body;
    if (body === undefined || Buffer.isBuffer(body))
      throw new Error('The body is not read while it is sent.');
    statics.close();
    const chunks: Buffer[] = [];
    for await (const chunk of body.chunks()) chunks.push(chunk);
    expect(Buffer.concat(chunks).toString()).toBe(LARGE);
    await vi.waitFor(() => expect(openFiles(site.dir)).toEqual([]));
  });

  test('that was changed in place is sent again with another ETag', async () => {
    const { site, statics } = await start();
    const before = await ask(statics, '/static/large.txt');
    const changed = LARGE.replace('large', 'LARGE');
    fs.writeFileSync(site.path('root/large.txt'), changed);
    const after = await ask(statics, '/static/large.txt');
    expect(after?.text).toBe(changed);
    expect(after?.headers.etag).not.toBe(before?.headers.etag);
  });
});

describe('too many open files', () => {
  test('are answered with 503, and the next request can succeed', async () => {
    const { statics } = await start();
    const open = vi.spyOn(fs.promises, 'open');
    onTestFinished(() => open.mockRestore());
    open.mockRejectedValueOnce(Object.assign(new Error('EMFILE'), { code: 'EMFILE' }));
    expect(await ask(statics, '/static/css/app.css')).toMatchObject({
      status: 503,
      headers: { 'retry-after': '1', 'cache-control': 'no-store' },
    });
    expect((await ask(statics, '/static/css/app.css'))?.text).toBe(CSS);
  });
});
