import fastify from 'fastify';
import { describe, expect, onTestFinished, test } from 'vitest';
import { fastifyPlugin } from '../../src/serve/adapters/fastify.js';
import type { ServeOptions } from '../../src/serve/options.js';
import { serve } from '../../src/serve/serve.js';
import { newProject, SETTINGS } from '../support/project.js';
import { ask } from './support/ask.js';
import { newSite } from './support/site.js';

const FILES = {
  'index.html': '<p>home',
  'about.html': '<p>about',
  'both.html': '<p>file',
  'both/index.html': '<p>folder',
  'docs/index.htm': '<p>docs',
  'old.htm': '<p>old',
  'v1.2.html': '<p>version',
  'css/app.css': 'a{}',
};

async function start(options: ServeOptions) {
  const site = await newSite(FILES);
  const statics = await serve({ manifest: site.manifest, env: {}, baseUrl: '/', ...options });
  return { site, statics };
}

/** Returns status and text of the answer to a path, or where it redirects; `undefined` if it falls through. */
async function answerTo(options: ServeOptions, path: string, method?: string, headers = {}) {
  const { statics } = await start(options);
  const answered = await ask(statics, path, headers, method);
  return answered && [answered.status, answered.headers.location ?? answered.text];
}

describe('indexFile', () => {
  test('can be several names, the first of which counts', async () => {
    const indexFile = ['index.html', 'index.htm'];
    expect(await answerTo({ indexFile }, '/')).toEqual([200, '<p>home']);
    expect(await answerTo({ indexFile }, '/docs/')).toEqual([200, '<p>docs']);
    expect(await answerTo({ indexFile }, '/docs')).toEqual([301, '/docs/']);
    expect(await answerTo({ indexFile: 'index.html' }, '/docs/')).toBeUndefined();
  });

  test.each(['/', '/both/', '/both', '/none'])('leaves POST %s to the application', async (path) => {
    expect(await answerTo({ indexFile: 'index.html' }, path, 'POST')).toBeUndefined();
  });

  test('answers POST of a file with 405, and of a folder if nothing falls through', async () => {
    expect((await answerTo({ indexFile: 'index.html' }, '/index.html', 'POST'))?.[0]).toBe(405);
    expect((await answerTo({ indexFile: 'index.html', fallthrough: false }, '/', 'POST'))?.[0]).toBe(405);
  });

  test('redirects the base without its slash', async () => {
    const options = { baseUrl: '/docs/', indexFile: 'index.html' };
    expect(await answerTo(options, '/docs?a=1')).toEqual([301, '/docs/?a=1']);
    expect(await answerTo(options, '/docs', 'POST')).toBeUndefined();
    expect(await answerTo(options, '/doc')).toBeUndefined();
    expect(await answerTo({ baseUrl: '/docs/' }, '/docs')).toBeUndefined();
  });
});

describe('extensions', () => {
  const options = { extensions: ['html', 'htm'], indexFile: 'index.html' };

  test.each([
    ['/about', [200, '<p>about']],
    ['/about?a=1', [200, '<p>about']],
    ['/ab%6fut', [200, '<p>about']],
    ['/about.html', [200, '<p>about']],
    ['/old', [200, '<p>old']],
    ['/v1.2', [200, '<p>version']],
    ['/both', [200, '<p>file']],
    ['/both/', [200, '<p>folder']],
    ['/about/', [301, '/about']],
    ['/about/?a=1', [301, '/about?a=1']],
    ['/none', undefined],
    ['/none/', undefined],
    ['/css/app', undefined],
  ])('%s is answered with %j', async (path, expected) => {
    expect(await answerTo(options, path)).toEqual(expected);
  });

  test('leave POST of a path without its extension to the application', async () => {
    expect(await answerTo(options, '/about', 'POST')).toBeUndefined();
    expect((await answerTo(options, '/about.html', 'POST'))?.[0]).toBe(405);
  });

  test.each(['.html', '', 'a/b'])('must not contain %j', async (extension) => {
    await expect(start({ extensions: [extension] })).rejects.toMatchObject({
      code: 'usage',
      message: `The option extensions has '${extension}', which is not an extension without its dot, such as 'html'.`,
    });
  });

  test('work in development', async () => {
    const project = newProject({ 'static/about.html': 'sources' }, SETTINGS);
    const settings = project.path('staticfiles.config.json');
    const statics = await serve({ dev: true, env: {}, settings, ...options });
    expect((await ask(statics, '/static/about'))?.text).toBe('sources');
  });
});

describe('fallback', () => {
  const options = { fallback: 'index.html' };

  test.each(['/users', '/users/7/', '/a/b/c?x=1.js'])('answers %s', async (path) => {
    expect(await answerTo(options, path)).toEqual([200, '<p>home']);
    expect(await answerTo(options, path, 'HEAD')).toEqual([200, '']);
  });

  test.each([
    ['a name with an extension', '/none.js', 'GET', {}],
    ['a part that begins with a dot', '/.well-known/acme-challenge/token', 'GET', {}],
    ['a POST', '/users', 'POST', {}],
    ['a client that wants JSON', '/users', 'GET', { accept: 'application/json' }],
    ['a client that wants an image', '/users', 'GET', { accept: 'image/*' }],
    ['an invalid escape', '/%zz', 'GET', {}],
  ])('leaves %s to the application', async (_, path, method, headers) => {
    expect(await answerTo(options, path, method, headers)).toBeUndefined();
  });

  test.each([['*/*'], ['text/html,application/xhtml+xml'], ['text/*;q=0.5']])(
    'answers a client that accepts %s',
    async (accept) => {
      expect(await answerTo(options, '/users', 'GET', { accept })).toEqual([200, '<p>home']);
    },
  );

  test('comes after files, pages without extension and unknown fingerprints', async () => {
    const all = { ...options, extensions: ['html'] };
    expect(await answerTo(all, '/css/app.css')).toEqual([200, 'a{}']);
    expect(await answerTo(all, '/about')).toEqual([200, '<p>about']);
    expect(await answerTo(all, '/css/app.0123456789ab.css')).toEqual([404, '']);
  });

  test('replaces the 404 of unknown names if nothing falls through', async () => {
    const below = { ...options, baseUrl: '/app/' };
    expect(await answerTo(below, '/app/users')).toEqual([200, '<p>home']);
    expect(await answerTo(below, '/app/none.js')).toEqual([404, '']);
    expect(await answerTo(below, '/users')).toBeUndefined();
  });

  test('comes after the files of rootDir, and can be one of them', async () => {
    const { site } = await start({});
    site.write({ 'top/token': 'token', 'top/start.html': '<p>start' });
    const rootDir = site.path('top');
    expect(await answerTo({ ...options, rootDir }, '/token')).toEqual([200, 'token']);
    expect(await answerTo({ ...options, rootDir }, '/users')).toEqual([200, '<p>home']);
    const inRoot = { baseUrl: '/static/', rootDir, fallback: 'start.html' };
    expect(await answerTo(inRoot, '/users')).toEqual([200, '<p>start']);
    expect(await answerTo(inRoot, '/static/users')).toEqual([404, '']);
  });

  test('varies by Accept and Accept-Encoding, and has validators', async () => {
    const site = await newSite(
      { 'index.html': '<p>home</p>'.repeat(200) },
      { postProcess: [['fingerprint', { exclude: ['*.html'] }], 'compress'] },
    );
    const statics = await serve({ manifest: site.manifest, env: {}, baseUrl: '/', ...options });
    const first = (await ask(statics, '/users'))!.headers;
    expect(first).toMatchObject({
      vary: 'Accept-Encoding, Accept',
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'public, max-age=60',
    });
    expect((await ask(statics, '/users', { 'if-none-match': first.etag! }))?.status).toBe(304);
    expect((await ask(statics, '/index.html'))?.headers.vary).toBe('Accept-Encoding');
  });

  test('comes after the routes of Fastify', async () => {
    const { statics } = await start(options);
    const app = fastify();
    onTestFinished(() => app.close());
    await app.register(fastifyPlugin(statics));
    app.get('/users', () => 'the route');
    const get = async (url: string) => {
      const { statusCode, body } = await app.inject(url);
      return [statusCode, body];
    };
    expect(await get('/users')).toEqual([200, 'the route']);
    expect(await get('/orders')).toEqual([200, '<p>home']);
    expect(await get('/css/app.css')).toEqual([200, 'a{}']);
    expect((await get('/none.js'))[0]).toBe(404);
  });

  test('must be one of the files', async () => {
    await expect(start({ fallback: 'none.html' })).rejects.toMatchObject({
      code: 'usage',
      message: expect.stringContaining(
        "The option fallback names 'none.html', which is not among the served files.",
      ),
    });
    await expect(start({ fallback: '/index.html' })).rejects.toMatchObject({
      code: 'usage',
      message: expect.stringContaining("The option fallback has '/index.html'"),
    });
  });
});
