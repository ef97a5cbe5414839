import fastifyCors from '@fastify/cors';
import koaCors from '@koa/cors';
import cors from 'cors';
import express from 'express';
import fastify from 'fastify';
import { Hono } from 'hono';
import { cors as honoCors } from 'hono/cors';
import Koa from 'koa';
import { describe, expect, onTestFinished, test } from 'vitest';
import { fastifyPlugin } from '../../src/serve/adapters/fastify.js';
import { fetchHandler } from '../../src/serve/adapters/fetch.js';
import { koaMiddleware } from '../../src/serve/adapters/koa.js';
import type { ServeOptions } from '../../src/serve/options.js';
import { type StaticServer, serve } from '../../src/serve/serve.js';
import { fetchBridge } from './support/adapters.js';
import { listen, type TestServer } from './support/http.js';
import { newSite } from './support/site.js';

const ORIGIN = 'https://shop.test';
const OTHERS = 'https://other.test';
const JS = 'export const a = 1;\n'.repeat(100);
const FILES = { 'js/app.js': JS, 'css/app.css': 'a{}' };

/** Servers whose CORS middleware comes before the static files, and sets a header and `Vary` of its own too. */
const SERVERS: Readonly<Record<string, (statics: StaticServer) => Promise<TestServer>>> = {
  async 'cors with Express'(statics) {
    const app = express();
    app.use(cors({ origin: [ORIGIN, OTHERS], credentials: true }));
    app.use((_, response, next) => {
      response.vary('Cookie').set('x-request-id', '7');
      next();
    });
    app.use(statics);
    return listen(app);
  },
  async '@koa/cors'(statics) {
    const app = new Koa();
    app.use(koaCors({ origin: ({ headers }) => headers.origin ?? '', credentials: true }));
    app.use(async (context, next) => {
      context.vary('Cookie');
      context.set('x-request-id', '7');
      await next();
    });
    app.use(koaMiddleware(statics));
    return listen(app.callback());
  },
  async '@fastify/cors'(statics) {
    const app = fastify();
    await app.register(fastifyCors, { origin: [ORIGIN, OTHERS], credentials: true });
    app.addHook('onRequest', async (_, reply) => {
      const vary = reply.getHeader('vary');
      reply.header('vary', [vary, 'Cookie'].filter(Boolean).join(', ')).header('x-request-id', '7');
    });
    await app.register(fastifyPlugin(statics));
    await app.ready();
    onTestFinished(() => app.close());
    return listen((request, response) => app.routing(request, response));
  },
  async 'the cors of Hono'(statics) {
    const app = new Hono();
    const handle = fetchHandler(statics);
    app.use(honoCors({ origin: [ORIGIN, OTHERS], credentials: true }));
    app.use(async (context, next) => {
      context.header('vary', 'Cookie');
      context.header('x-request-id', '7');
      await next();
    });
    app.use(async (context, next) => (await handle(context.req.raw, context.res.headers)) ?? next());
    return listen(fetchBridge((request) => app.fetch(request)));
  },
};

async function start(server: (statics: StaticServer) => Promise<TestServer>, options: ServeOptions = {}) {
  const site = await newSite(FILES);
  const statics = await serve({ manifest: site.manifest, env: {}, ...options });
  onTestFinished(() => statics.close());
  return { site, get: (await server(statics)).get };
}

function names(vary: string | undefined): string[] {
  return (vary ?? '')
    .split(', ')
    .map((name) => name.toLowerCase())
    .sort();
}

describe.each(Object.entries(SERVERS))('after %s', (_, server) => {
  test.each([ORIGIN, OTHERS])(
    'the origin %s that it has set is kept, and caches keep origins apart',
    async (origin) => {
      const { site, get } = await start(server);
      const { status, headers, text } = await get(site.url('js/app.js'), { headers: { origin } });
      expect([status, text]).toEqual([200, JS]);
      expect(headers).toMatchObject({
        'access-control-allow-origin': origin,
        'access-control-allow-credentials': 'true',
        'x-request-id': '7',
        'cache-control': 'public, max-age=31536000, immutable',
      });
      expect(names(headers.vary)).toEqual(['accept-encoding', 'cookie', 'origin']);
    },
  );

  test.each([
    ['304', (etag: string) => ({ 'if-none-match': etag })],
    ['206', () => ({ range: 'bytes=0-3' })],
  ])('a %s has the same headers', async (status, conditions) => {
    const { site, get } = await start(server);
    const url = site.url('js/app.js');
    const { etag } = (await get(url, { headers: { origin: ORIGIN } })).headers;
    const reply = await get(url, { headers: { origin: ORIGIN, ...conditions(etag!) } });
    expect(String(reply.status)).toBe(status);
    expect(reply.headers['access-control-allow-origin']).toBe(ORIGIN);
    expect(names(reply.headers.vary)).toEqual(['accept-encoding', 'cookie', 'origin']);
  });

  test.each([
    ['cors: true', { cors: true }, '*'],
    ['the option headers', { headers: { '**': { 'access-control-allow-origin': OTHERS } } }, OTHERS],
  ])('%s replaces the origin that it has set', async (_name, options, allowed) => {
    const { get } = await start(server, options);
    const { headers } = await get('/static/css/app.css', { headers: { origin: ORIGIN } });
    expect(headers['access-control-allow-origin']).toBe(allowed);
  });

  test('a file that is shared with nobody keeps what it has set', async () => {
    const { get } = await start(server);
    const { headers } = await get('/static/css/app.css', { headers: { origin: ORIGIN } });
    expect(headers['access-control-allow-origin']).toBe(ORIGIN);
    expect(names(headers.vary)).toEqual(['cookie', 'origin']);
  });
});

test('without such middleware, scripts are shared with all origins', async () => {
  const { get } = await start(listen);
  expect((await get('/static/js/app.js')).headers['access-control-allow-origin']).toBe('*');
});
