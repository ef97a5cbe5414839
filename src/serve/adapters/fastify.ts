import type { IncomingHttpHeaders } from 'node:http';
import { type Answer, type Answering, bytesOrStream, combinedHeaders, headerPairs } from '../answer.js';

/** The used parts of Fastify. */
interface Request {
  readonly method: string;
  readonly originalUrl: string;
  readonly headers: IncomingHttpHeaders;
  /** Whether no route is for the request. */
  readonly is404: boolean;
}
interface Reply {
  code(status: number): Reply;
  header(name: string, value: string): Reply;
  getHeader(name: string): string | number | string[] | undefined;
  send(body?: unknown): Reply;
}
interface Instance {
  addHook(name: 'onRequest', hook: (request: Request, reply: Reply) => Promise<unknown>): unknown;
}

/**
 * Returns a Fastify plugin that answers before any route; other requests fall through to the routes. The page of the
 * option `fallback` is sent only if no route matches. Hooks that are registered before it also run for static files.
 *
 * @param statics result of `serve()`
 * @example
 * await app.register(fastifyPlugin(await serve()));
 */
export function fastifyPlugin({ answer }: { readonly answer: Answering }) {
  const plugin = async (app: Instance): Promise<void> => {
    app.addHook('onRequest', async ({ method, originalUrl: url, headers, is404 }, reply) => {
      const answered = await answer({ method, url, headers });
      if (answered === undefined) return;
      const { status, body, isFallback = false } = answered;
      if (isFallback && !is404) return release(body);
      const combined = combinedHeaders(answered, (name) => reply.getHeader(name)?.toString());
      reply.code(status);
      for (const [name, value] of headerPairs(combined)) reply.header(name, value);
      return reply.send(bytesOrStream(body));
    });
  };
  // Like the package fastify-plugin: the hook is for the whole application, not for the plugin's own routes.
  return Object.assign(plugin, {
    [Symbol.for('skip-override')]: true,
    [Symbol.for('fastify.display-name')]: 'staticfiles',
  });
}

function release(body: Answer['body']): void {
  if (body !== undefined && !Buffer.isBuffer(body)) body.release();
}
