import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

/** A request as a service gets it. */
export interface SeenRequest {
  readonly method: string;
  /** Path and query, as they were sent. */
  readonly target: string;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface ScriptedAnswer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
  /** The connection is cut in place of an answer. */
  readonly cut?: boolean;
  /** There is no answer. */
  readonly silent?: boolean;
  /** The connection is cut after so many bytes of the body. */
  readonly cutAfter?: number;
}

export interface ScriptedServer {
  /** `http://127.0.0.1:…` */
  readonly url: string;
  /** In the order in which they came. */
  readonly requests: readonly SeenRequest[];
}

/**
 * A server on a free port that notes requests, and answers as it is told; it is closed when the test ends.
 *
 * @param answer is told the request, and how many came before
 */
export async function scriptedServer(
  answer: (request: SeenRequest, before: number) => ScriptedAnswer,
): Promise<ScriptedServer> {
  const requests: SeenRequest[] = [];
  const server = http.createServer(async (incoming, response) => {
    const chunks = await incoming.toArray().catch(() => undefined);
    if (chunks === undefined) return; // the client has broken it off
    const body = Buffer.concat(chunks);
    const request = { method: incoming.method!, target: incoming.url!, headers: incoming.headers, body };
    requests.push(request);
    const { cut, silent, cutAfter, ...said } = answer(request, requests.length - 1);
    if (silent) return;
    if (cut) incoming.socket.destroy();
    else if (cutAfter === undefined) send(response, said).end(said.body ?? '');
    else send(response, said).write(said.body!.slice(0, cutAfter), () => incoming.socket.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, requests };
}

function send(response: http.ServerResponse, { status = 200, headers = {}, body = '' }: ScriptedAnswer) {
  return response.writeHead(status, { 'content-length': Buffer.byteLength(body), ...headers });
}
