import type { IncomingHttpHeaders } from 'node:http';
import type { Answering } from '../answer.js';
import { bodyStream, headerPairs } from '../answer.js';

/** The parts of Fastify that are used. */
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
 * Makes a Fastify plugin of what {@link serve} gives. It answers before any route; what is no static file goes on to
 * them. Hooks registered before it count for static files too.
 *
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
      return reply.send(body === undefined || Buffer.isBuffer(body) ? body : bodyStream(body));
    });
  };
  // For the whole application, not for the plugin's own routes: what the package fastify-plugin does.
  return Object.assign(plugin, {
    [Symbol.for('skip-override')]: true,
    [Symbol.for('fastify.display-name')]: 'staticfiles',
  });
}
