import type { IncomingHttpHeaders } from 'node:http';
import type { Answering } from '../answer.js';
import { bodyStream, headerPairs } from '../answer.js';

/** The part of a Koa context that is used. */
export interface KoaContext {
  readonly method: string;
  readonly originalUrl: string;
  readonly headers: IncomingHttpHeaders;
  status: number;
  body: unknown;
  set(name: string, value: string): void;
}

/**
 * Makes Koa middleware of what {@link serve} gives; what is no static file goes on to the next.
 *
 * @example
 * app.use(koaMiddleware(await serve()));
 */
export function koaMiddleware({ answer }: { readonly answer: Answering }) {
  return async (context: KoaContext, next: () => Promise<unknown>): Promise<void> => {
    const { method, originalUrl: url, headers } = context;
    const answered = await answer({ method, url, headers });
    if (answered === undefined) return void (await next());
    const { status, body } = answered;
    // Before status and headers: Koa makes some of its own from it; and of no body at all a text.
    context.body = body === undefined ? null : Buffer.isBuffer(body) ? body : bodyStream(body);
    context.status = status;
    for (const [name, value] of headerPairs(answered.headers)) context.set(name, value);
  };
}
