import http, { type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import express from 'express';
import fastify from 'fastify';
import { Hono } from 'hono';
import Koa from 'koa';
import { fastifyPlugin } from '../../../src/serve/adapters/fastify.js';
import { fetchHandler } from '../../../src/serve/adapters/fetch.js';
import { koaMiddleware } from '../../../src/serve/adapters/koa.js';
import type { StaticServer } from '../../../src/serve/serve.js';

/** Answer of the application to all requests that fall through. */
export const APPLICATION = 'the application';

/** Servers with static files before an application that answers everything, by name. */
export const ADAPTERS: Readonly<Record<string, (statics: StaticServer) => Promise<http.Server>>> = {
  'node:http': async (statics) =>
    http.createServer((request, response) => {
      statics(request, response, (error) => {
        response.writeHead(error ? 500 : 200).end(error ? '' : APPLICATION);
      });
    }),
  async Express(statics) {
    const app = express().disable('x-powered-by');
    app.use(statics);
    app.use((_, response) => void response.send(APPLICATION));
    return http.createServer(app);
  },
  async 'Express, mounted at a path'(statics) {
    const app = express();
    app.use('/static', statics);
    app.use((_, response) => void response.send(APPLICATION));
    return http.createServer(app);
  },
  async Fastify(statics) {
    const app = fastify();
    await app.register(fastifyPlugin(statics));
    app.setNotFoundHandler((_, reply) => reply.code(200).send(APPLICATION));
    await app.ready();
    return app.server;
  },
  async Koa(statics) {
    const app = new Koa();
    app.silent = true; // it would print that clients disconnected
    app.use(koaMiddleware(statics));
    app.use((context) => {
      context.body = APPLICATION;
    });
    return http.createServer(app.callback());
  },
  async 'Hono, by the Fetch API'(statics) {
    const app = new Hono();
    const handle = fetchHandler(statics);
    app.use(async (context, next) => (await handle(context.req.raw, context.res.headers)) ?? next());
    app.all('*', (context) => context.text(APPLICATION));
    return http.createServer(fetchBridge((request) => app.fetch(request)));
  },
};

/** A server with the Fetch API, reduced to what static files need. */
export function fetchBridge(handle: (request: Request) => Response | Promise<Response>): RequestListener {
  return async (incoming, outgoing) => {
    const response = await handle(requestOf(incoming));
    outgoing.writeHead(response.status, [...response.headers].flat());
    await send(response, outgoing);
  };
}

function requestOf({ url = '/', method = 'GET', headers }: IncomingMessage): Request {
  const pairs = Object.entries(headers).flatMap(([name, value]) =>
    [value ?? []].flat().map((each): [string, string] => [name, each]),
  );
  const whole = url.startsWith('/') ? `http://localhost${url}` : url;
  return new Request(whole, { method, headers: pairs });
}

async function send(response: Response, outgoing: ServerResponse): Promise<void> {
  if (response.body === null) return void outgoing.end();
  // A client that disconnects ends the stream with an error.
  await pipeline(Readable.fromWeb(response.body), outgoing).catch(() => {});
}
