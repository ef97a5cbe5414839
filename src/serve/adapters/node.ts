import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream';
import { type Answer, type Answering, combinedHeaders } from '../answer.js';
import { ABSENT, forMethod } from '../http/refusals.js';

/** Passes a request on to the application, or an error to its error handler. */
export type Next = (error?: unknown) => void;

/** Handler for `node:http`, Connect and Express. */
export type NodeHandler = (request: IncomingMessage, response: ServerResponse, next?: Next) => void;

/** Returns a handler. Called without `next`, it answers other requests with 404 and errors with 500. */
export function nodeHandler(answering: Answering): NodeHandler {
  return (request, response, next) => {
    const { method, headers } = request;
    // Express cuts the path at which the handler is mounted off `url`.
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

function send(answer: Answer, response: ServerResponse): void {
  const { status, body } = answer;
  response.writeHead(status, headersFor(answer, response));
  if (body === undefined || Buffer.isBuffer(body)) response.end(body);
  // If the file changes, the connection is aborted. If the client disconnects, the file is released.
  else pipeline(body.chunks(), response, () => body.release());
}

/** Combining takes time, and usually nothing is set yet. */
function headersFor(answer: Answer, response: ServerResponse): string[] {
  const isFirst = !response.hasHeader('vary') && !response.hasHeader('access-control-allow-origin');
  return isFirst
    ? (answer.headers as string[])
    : combinedHeaders(answer, (name) => response.getHeader(name)?.toString());
}
