import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

/** Response of a server. */
export interface Reply {
  readonly status: number;
  /** By lower-case name. */
  readonly headers: http.IncomingHttpHeaders;
  readonly body: Buffer;
  readonly text: string;
}

export interface RequestOptions {
  readonly method?: string;
  readonly headers?: http.OutgoingHttpHeaders;
  readonly body?: string;
}

/** Server to which tests send requests. */
export interface TestServer {
  readonly port: number;
  /** @param path sent unchanged, unlike with `fetch` */
  get(path: string, options?: RequestOptions): Promise<Reply>;
}

/** Runs a handler until the test has finished. */
export async function listen(handler: http.RequestListener): Promise<TestServer> {
  const server = http.createServer(handler);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return serverAt((server.address() as AddressInfo).port);
}

/** Returns a server on this machine. */
export function serverAt(port: number): TestServer {
  return { port, get: (path, options = {}) => ask(port, path, options) };
}

function ask(
  port: number,
  path: string,
  { method = 'GET', headers = {}, body }: RequestOptions,
): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const request = http.request({ host: '127.0.0.1', port, path, method, headers, agent: false });
    request.on('error', reject);
    request.on('response', (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const whole = Buffer.concat(chunks);
        resolve({
          status: response.statusCode!,
          headers: response.headers,
          body: whole,
          text: whole.toString(),
        });
      });
    });
    request.end(body);
  });
}
