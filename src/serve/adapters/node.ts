import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream';
import type { Answer, Answering } from '../answer.js';
import { ABSENT, forMethod } from '../http/refusals.js';

/** Goes on with what comes after static files; with an error, with what answers errors. */
export type Next = (error?: unknown) => void;

/** A handler of `node:http`, Connect and Express. */
export type NodeHandler = (request: IncomingMessage, response: ServerResponse, next?: Next) => void;

/** Makes a handler. Without `next` what is no static file is answered with 404, an error with 500. */
export function nodeHandler(answering: Answering): NodeHandler {
  return (request, response, next) => {
    const { method, headers } = request;
    // Express takes from `url` what the handler is mounted at.
    const { originalUrl: url = request.url } = request as IncomingMessage & { readonly originalUrl?: string };
    const fail = (error: unknown) => {
      if (next) next(error);
      else if (response.headersSent) response.destroy();
      else response.writeHead(500).end();
    };
    const finish = (answer: Answer | undefined) => {
      if (answer === undefined && next) next();
      else send(answer ?? forMethod({ method, headers }, ABSENT), response);
    };
    try {
      const answer = answering({ method, url, headers });
      if (answer instanceof Promise) answer.then(finish).catch(fail);
      else finish(answer);
    } catch (error) {
      fail(error);
    }
  };
}

function send({ status, headers, body }: Answer, response: ServerResponse): void {
  response.writeHead(status, headers as string[]);
  if (body === undefined || Buffer.isBuffer(body)) response.end(body);
  // Where the file changes the connection is broken off; where the client goes the file is let go.
  else pipeline(body.chunks(), response, () => body.release());
}
