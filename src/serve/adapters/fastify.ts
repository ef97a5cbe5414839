import type { IncomingHttpHeaders } from 'node:http';
import type { Answering } from '../answer.js';
import { bytesOrStream, headerPairs } from '../answer.js';

/** The used parts of Fastify. */
interface Request {
  readonly method: string;
  readonly originalUrl: string;
  readonly headers: IncomingHttpHeaders;
}
interface Reply {
  code(status: number): Reply;
  header(name: string, value: string): Reply;
  send(body?: unknown): Reply;
}
interface Instance {
  addHook(name: 'onRequest', hook: (request: Request, reply: Reply) => Promise<unknown>): unknown;
}

/**
 * Returns a Fastify plugin that answers before any route; other requests fall through to the routes. Hooks that are
 * registered before it also run for static files.
 *
 * @param statics result of `serve()`
 * @example
 * await app.register(fastifyPlugin(await serve()));
 */
export function fastifyPlugin({ answer }: { readonly answer: Answering }) {
  const plugin = async (app: Instance): Promise<void> => {
    app.addHook('onRequest', async ({ method, originalUrl: url, headers }, reply) => {
      const answered = await answer({ method, url, headers });
      if (answered === undefined) return;
      const { status, body } = answered;
      reply.code(status);
      for (const [name, value] of headerPairs(answered.headers)) reply.header(name, value);
      return reply.send(bytesOrStream(body));
    });
  };
  // Like the package fastify-plugin: the hook is for the whole application, not for the plugin's own routes.
  return Object.assign(plugin, {
    [Symbol.for('skip-override')]: true,
    [Symbol.for('fastify.display-name')]: 'staticfiles',
  });
}
