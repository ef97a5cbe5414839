import type { Answering, FileBody } from '../answer.js';
import { headerPairs } from '../answer.js';

/**
 * Returns a handler for servers with the Fetch API: Hono, Deno, Bun and others. It resolves to `undefined` if the
 * request is not for a static file.
 *
 * @param statics result of `serve()`
 * @example
 * const statics = fetchHandler(await serve());
 * app.use(async (context, next) => (await statics(context.req.raw)) ?? next()); // Hono
 * Deno.serve(async (request) => (await statics(request)) ?? app(request));
 */
export function fetchHandler({ answer }: { readonly answer: Answering }) {
  return async (request: Request): Promise<Response | undefined> => {
    const { method, url } = request;
    const answered = await answer({ method, url, headers: Object.fromEntries(request.headers) });
    if (answered === undefined) return undefined;
    const { status, headers, body } = answered;
    return new Response(body === undefined || Buffer.isBuffer(body) ? body : streamOf(body), {
      status,
      headers: [...headerPairs(headers)],
    });
  };
}

function streamOf(body: FileBody): ReadableStream<Uint8Array> {
  const chunks = body.chunks();
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await chunks.next();
      if (done) controller.close();
      else controller.enqueue(value);
    },
    async cancel() {
      await chunks.return();
      body.release();
    },
  });
}
