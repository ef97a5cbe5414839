import http from 'node:http';
import express from 'express';
import { describe, expect, test } from 'vitest';
import { serveMedia } from '../../../src/serve/dev/media.js';
import type { ServeOptions } from '../../../src/serve/options.js';
import { serve } from '../../../src/serve/serve.js';
import { newProject, SETTINGS } from '../../support/project.js';
import { listen } from '../support/http.js';
import { newSite } from '../support/site.js';

const TREE = {
  'static/app.js': 'source',
  'static/font.woff2': 'font',
  'media/photo.png': 'photo',
  'public/robots.txt': 'robots',
};

async function start(options: ServeOptions = {}) {
  const project = newProject(TREE, { ...SETTINGS, mediaRoot: 'media', mediaUrl: '/media/' });
  const settings = project.path('staticfiles.config.json');
  return serve({ dev: true, env: {}, settings, rootDir: project.path('public'), ...options });
}

/** Returns the status for a request with these headers. */
async function statusFor(
  headers: Readonly<Record<string, string>>,
  options: ServeOptions = {},
  url = '/static/app.js',
): Promise<number | undefined> {
  const { answer } = await start(options);
  return (await answer({ method: 'GET', url, headers }))?.status;
}

const LOOPBACK = [
  'localhost',
  'localhost:8000',
  'LOCALHOST:8000',
  'localhost.',
  'app.localhost:5173',
  '127.0.0.1:8000',
  '127.8.9.10',
  '[::1]',
  '[::1]:8000',
  '[0:0:0:0:0:0:0:1]:8000',
];

const OTHERS = [
  'evil.example',
  'evil.example:8000',
  'localhost.evil.example',
  'evillocalhost',
  '127.0.0.1.evil.example',
  '127.evil.example',
  '192.168.1.5',
  '0.0.0.0',
  '[::2]',
  'localhost@evil.example',
  'evil.example#localhost',
  'evil.example/localhost',
  'localhost:80:80',
  '',
];

describe('in development', () => {
  test.each(LOOPBACK)('the host %j is answered', async (host) => {
    expect(await statusFor({ host })).toBe(200);
  });

  test.each(OTHERS)('the host %j is refused', async (host) => {
    expect(await statusFor({ host })).toBe(403);
  });

  test('a request without a host is answered, since web pages cannot send one', async () => {
    expect(await statusFor({})).toBe(200);
  });

  test('hosts in the request target and in HTTP/2’s :authority must be allowed too', async () => {
    const target = 'http://evil.example/static/app.js';
    expect(await statusFor({ host: 'localhost' }, {}, target)).toBe(403);
    expect(await statusFor({}, {}, 'http://localhost:8000/static/app.js')).toBe(200);
    expect(await statusFor({ ':authority': 'evil.example' })).toBe(403);
    expect(await statusFor({ ':authority': 'localhost:8000' })).toBe(200);
  });

  test.each([
    ['dev.example', 'dev.example:8000', 200],
    ['dev.example', 'DEV.example.', 200],
    ['dev.example', 'a.dev.example', 403],
    ['.dev.example', 'a.b.dev.example', 200],
    ['.dev.example', 'dev.example', 200],
    ['.dev.example', 'evildev.example', 403],
    ['192.168.1.5', '192.168.1.5:8000', 200],
    ['fd00::1', '[fd00:0::1]:8000', 200],
    ['[fd00::1]', '[fd00::1]', 200],
    ['*', 'evil.example', 200],
  ])('with allowedHosts %j, the host %j gets %i', async (allowed, host, status) => {
    expect(await statusFor({ host }, { allowedHosts: [allowed] })).toBe(status);
  });

  test.each(['http://dev.example', 'dev.example:8000', '', 'a b', '[::1]:80'])(
    'allowedHosts rejects %j, which is not a host',
    async (allowed) => {
      await expect(start({ allowedHosts: [allowed] })).rejects.toMatchObject({
        code: 'usage',
        message: expect.stringContaining(`allowedHosts: '${allowed}' is not a host.`),
      });
    },
  );

  test('the refusal contains no source, and names the option that allows the host', async () => {
    const { get } = await listen(await start());
    for (const path of ['/static/app.js', '/static/none.js', '/media/photo.png', '/robots.txt']) {
      const { status, text, headers } = await get(path, { headers: { host: 'evil.example:8000' } });
      expect([path, status, headers['cache-control']]).toEqual([path, 403, 'no-store']);
      expect(text).toContain(
        "--allowed-hosts evil.example, or pass allowedHosts: ['evil.example'] to serve()",
      );
    }
  });

  test('in an application, other hosts are refused for static files only', async () => {
    const app = express().use(await start({ fallthrough: true }));
    app.use((_, response) => void response.send('the application'));
    const { get } = await listen(http.createServer(app).listeners('request')[0] as http.RequestListener);
    const headers = { host: 'evil.example' };
    expect((await get('/static/app.js', { headers })).status).toBe(403);
    expect((await get('/robots.txt', { headers })).status).toBe(403);
    expect((await get('/', { headers })).text).toBe('the application');
    expect((await get('/static/app.js')).text).toBe('source');
  });

  test('serveMedia refuses other hosts too', async () => {
    const root = newProject(TREE).path('media');
    const { get } = await listen(await serveMedia({ root, env: {}, allowedHosts: ['dev.example'] }));
    const status = async (host: string) => (await get('/media/photo.png', { headers: { host } })).status;
    expect([await status('localhost'), await status('dev.example'), await status('evil.example')]).toEqual([
      200, 200, 403,
    ]);
  });

  test('pages of other origins may read files only with cors', async () => {
    const allowOrigin = async (options: ServeOptions, name: string) => {
      const { get } = await listen(await start(options));
      const { headers } = await get(`/static/${name}`, { headers: { origin: 'https://evil.example' } });
      return headers['access-control-allow-origin'];
    };
    for (const name of ['app.js', 'font.woff2']) {
      expect([name, await allowOrigin({}, name)]).toEqual([name, undefined]);
      expect([name, await allowOrigin({ cors: true }, name)]).toEqual([name, '*']);
    }
  });
});

test('published files are served for any host', async () => {
  const site = await newSite({ 'app.js': 'published' });
  const { answer } = await serve({ manifest: site.manifest, env: {} });
  expect(
    await answer({ method: 'GET', url: '/static/app.js', headers: { host: 'cdn.example' } }),
  ).toMatchObject({
    status: 200,
  });
});
