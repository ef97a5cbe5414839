import fs from 'node:fs';
import type http from 'node:http';
import type { AddressInfo } from 'node:net';
import net from 'node:net';
import express from 'express';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import type { ServeOptions } from '../../src/serve/options.js';
import { type StaticServer, serve } from '../../src/serve/serve.js';
import { ADAPTERS, APPLICATION } from './support/adapters.js';
import { listen, serverAt, type TestServer } from './support/http.js';
import { openFiles } from './support/open-files.js';
import { newSite, type Site } from './support/site.js';

const LARGE = 'large '.repeat(1_000_000);
const FILES = { 'css/app.css': 'a{}', 'docs/index.html': '<p>docs', 'large.txt': LARGE };

/** Serves a site until the test has finished. */
async function start(
  adapter: (statics: StaticServer) => Promise<http.Server>,
  options: (site: Site) => ServeOptions = () => ({}),
): Promise<TestServer & { readonly site: Site; readonly statics: StaticServer }> {
  const site = await newSite(FILES);
  site.write({ 'top/robots.txt': 'robots', 'top/docs/index.html': 'documents' });
  const statics = await serve({ manifest: site.manifest, env: {}, ...options(site) });
  const server = await adapter(statics);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
    statics.close();
  });
  return { ...serverAt((server.address() as AddressInfo).port), site, statics };
}

/** Sends a request, reads a little of the answer, and disconnects. */
function disconnectEarly(port: number, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = net.connect(port, '127.0.0.1', () => {
      socket.write(`GET ${path} HTTP/1.1\r\nhost: localhost\r\n\r\n`);
    });
    socket.once('data', () => socket.destroy());
    socket.once('close', () => resolve());
    socket.once('error', reject);
  });
}

describe.each(Object.entries(ADAPTERS))('%s', (_, adapter) => {
  test('requests outside of the base URL fall through to the application, whatever their method', async () => {
    const { get } = await start(adapter);
    expect(await get('/')).toMatchObject({ status: 200, text: APPLICATION });
    expect(await get('/statics/css/app.css', { method: 'POST', body: 'x' })).toMatchObject({
      text: APPLICATION,
    });
  });

  test('unknown names below the base URL are answered with 404', async () => {
    const { get } = await start(adapter);
    expect(await get('/static/none.css')).toMatchObject({ status: 404, text: '' });
    expect((await get('/static/none.css', { method: 'HEAD' })).status).toBe(404);
  });

  test('with fallthrough, unknown names fall through to the application, but unknown fingerprints do not', async () => {
    const { get } = await start(adapter, () => ({ fallthrough: true }));
    expect(await get('/static/none.css')).toMatchObject({ status: 200, text: APPLICATION });
    expect(await get('/static/css/', { method: 'POST' })).toMatchObject({ status: 200, text: APPLICATION });
    expect(await get('/static/css/app.0123456789ab.css')).toMatchObject({
      status: 404,
      headers: { 'cache-control': 'no-store' },
    });
    expect((await get('/static/css/app.css')).text).toBe('a{}');
  });

  test('large files are sent whole and then closed', async () => {
    const { get, site, statics } = await start(adapter);
    const { body, headers } = await get('/static/large.txt');
    expect([body.equals(Buffer.from(LARGE)), headers['content-length']]).toEqual([
      true,
      String(LARGE.length),
    ]);
    statics.close();
    await vi.waitFor(() => expect(openFiles(site.dir)).toEqual([]));
  });

  test('files are closed if their clients disconnect', async () => {
    const { port, site, statics, get } = await start(adapter);
    await Promise.all(Array.from({ length: 20 }, () => disconnectEarly(port, '/static/large.txt')));
    await Promise.all(Array.from({ length: 20 }, () => disconnectEarly(port, `/static/large.txt`)));
    expect((await get('/static/css/app.css')).status).toBe(200);
    statics.close();
    await vi.waitFor(() => expect(openFiles(site.dir)).toEqual([]));
  });

  test('a file that is replaced while it is sent is sent to its end, and then the new one', async () => {
    const { port, site, get } = await start(adapter);
    const file = site.path('root/large.txt');
    fs.utimesSync(file, 1, 1);
    const received = await new Promise<number>((resolve) => {
      let bytes = 0;
      const socket = net.connect(port, '127.0.0.1', () => {
        socket.write('GET /static/large.txt HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n');
      });
      socket.on('data', (chunk) => {
        if (bytes === 0) {
          site.write({ 'root/next.txt': 'next' });
          fs.renameSync(site.path('root/next.txt'), file);
        }
        bytes += chunk.length;
      });
      socket.on('error', () => {});
      socket.on('close', () => resolve(bytes));
    });
    expect(received).toBeGreaterThan(LARGE.length);
    expect((await get('/static/large.txt')).text).toBe('next');
  });

  test('a file that shrinks while it is sent aborts the response', async () => {
    const { port, site, get } = await start(adapter);
    const file = site.path('root/large.txt');
    const received = await new Promise<number>((resolve) => {
      let bytes = 0;
      const socket = net.connect(port, '127.0.0.1', () => {
        socket.write('GET /static/large.txt HTTP/1.1\r\nhost: localhost\r\n\r\n');
      });
      socket.once('data', (chunk) => {
        bytes += chunk.length;
        socket.pause();
        fs.truncateSync(file, 100);
        socket.on('data', (more) => {
          bytes += more.length;
        });
        socket.resume();
      });
      socket.on('error', () => {});
      socket.on('close', () => resolve(bytes));
    });
    expect(received).toBeLessThan(LARGE.length);
    const again = await get('/static/large.txt');
    expect([again.status, again.text]).toEqual([200, LARGE.slice(0, 100)]);
  });
});

const atTop = Object.entries(ADAPTERS).filter(([name]) => name !== 'Express, mounted at a path');

test.each(atTop)('%s: files of rootDir are served at /', async (_, adapter) => {
  const { get } = await start(adapter, (site) => ({ rootDir: site.path('top'), indexFile: 'index.html' }));
  expect(await get('/robots.txt')).toMatchObject({ status: 200, text: 'robots' });
  expect((await get('/robots.txt', { method: 'POST' })).status).toBe(405);
  expect(await get('/humans.txt')).toMatchObject({ text: APPLICATION });
  expect((await get('/docs/')).text).toBe('documents');
  expect((await get('/docs/', { method: 'POST' })).text).toBe(APPLICATION);
  expect((await get('/static/css/app.css')).text).toBe('a{}');
});

test.each(atTop)(
  '%s: at the root of a host, unknown names fall through to the application',
  async (_, adapter) => {
    const { get } = await start(adapter, () => ({
      baseUrl: 'https://cdn.example.com/',
      indexFile: 'index.html',
    }));
    for (const path of ['/', '/about', '/none.css', '/%zz']) {
      expect([path, (await get(path)).text]).toEqual([
        path,
        path === '/%zz' ? expect.anything() : APPLICATION,
      ]);
    }
    expect((await get('/docs/', { method: 'POST', body: 'x' })).text).toBe(APPLICATION);
    expect((await get('/docs/')).text).toBe('<p>docs');
    expect((await get('/css/app.css')).text).toBe('a{}');
    expect((await get('/css/app.0123456789ab.css')).status).toBe(404);
  },
);

const broken = () => {
  throw new Error('the option failed');
};

describe('errors', () => {
  test('are answered with 500 if there is no application', async () => {
    const site = await newSite(FILES);
    const { get } = await listen(await serve({ manifest: site.manifest, env: {}, headers: broken }));
    expect(await get('/static/css/app.css')).toMatchObject({ status: 500, text: '' });
  });

  test('are passed to the application’s error handler', async () => {
    const site = await newSite(FILES);
    const app = express();
    app.use(await serve({ manifest: site.manifest, env: {}, headers: broken }));
    app.use(((error, _request, response, _next) => {
      response.status(599).send(error.message);
    }) satisfies express.ErrorRequestHandler);
    const { get } = await listen(app);
    expect(await get('/static/css/app.css')).toMatchObject({ status: 599, text: 'the option failed' });
  });

  test('other requests are answered with 404 if there is no application', async () => {
    const site = await newSite(FILES);
    const { get } = await listen(await serve({ manifest: site.manifest, env: {} }));
    expect(await get('/')).toMatchObject({ status: 404, headers: { 'cache-control': 'no-store' } });
  });
});
