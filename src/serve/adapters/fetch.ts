import { type Answering, combinedHeaders, type FileBody, headerPairs } from '../answer.js';

/**
 * Returns a handler for servers with the Fetch API: Hono, Deno, Bun and others. It resolves to `undefined` if the
 * request is not for a static file.
 *
 * With a second parameter, the response also has the headers that earlier middleware has set; those of the file are added
 * to them.
 *
 * @param statics result of `serve()`
 * @example
 * const statics = fetchHandler(await serve());
 * app.use(async (context, next) => (await statics(context.req.raw, context.res.headers)) ?? next()); // Hono
 * Deno.serve(async (request) => (await statics(request)) ?? app(request));
 */
export function fetchHandler({ answer }: { readonly answer: Answering }) {
  return async (request: Request, earlier: Headers = new Headers()): Promise<Response | undefined> => {
    const { method, url } = request;
    const answered = await answer({ method, url, headers: Object.fromEntries(request.headers) });
    if (answered === undefined) return undefined;
    const { status, body } = answered;
    const combined = combinedHeaders(answered, (name) => earlier.get(name) ?? undefined);
    // Into the same object: Hono copies its headers over those of the response.
    for (const [name, value] of headerPairs(combined)) earlier.set(name, value);
    return new Response(body === undefined || Buffer.isBuffer(body) ? body : streamOf(body), {
      status,
      headers: earlier,
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
