import type { IncomingHttpHeaders } from 'node:http';
import { type Answering, bytesOrStream, combinedHeaders, headerPairs } from '../answer.js';

/** The used part of a Koa context. */
export interface KoaContext {
  readonly method: string;
  readonly originalUrl: string;
  readonly headers: IncomingHttpHeaders;
  readonly response: { readonly headers: Readonly<Record<string, unknown>> };
  status: number;
  body: unknown;
  set(name: string, value: string): void;
}

/**
 * Returns Koa middleware; requests that are not for static files go to the next one.
 *
 * @param statics result of `serve()`
 * @example
 * app.use(koaMiddleware(await serve()));
 */
export function koaMiddleware({ answer }: { readonly answer: Answering }) {
  return async (context: KoaContext, next: () => Promise<unknown>): Promise<void> => {
    const { method, originalUrl: url, headers } = context;
    const answered = await answer({ method, url, headers });
    if (answered === undefined) return void (await next());
    const { status, body } = answered;
    const combined = combinedHeaders(answered, (name) => context.response.headers[name]?.toString());
    // Set before status and headers, because Koa derives some from the body. `null` keeps it from adding a text.
    context.body = bytesOrStream(body) ?? null;
    context.status = status;
    for (const [name, value] of headerPairs(combined)) context.set(name, value);
  };
}
