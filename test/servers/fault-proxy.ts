import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { Transform } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { randomFrom } from '../support/random.js';

/** A request that has reached the proxy. */
export interface ProxiedRequest {
  readonly method: string;
  /** The path without its query, decoded. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: http.IncomingHttpHeaders;
}

/** What happens to a request. */
export type Fault = {
  /** The share of the requests that get it, 0 to 1. Default 1. */
  readonly share?: number;
  /** The largest number of requests that get it. */
  readonly times?: number;
  /** Which requests can get it. Default: all. */
  when?(request: ProxiedRequest): boolean;
} & (
  | { readonly fault: 'answer'; readonly status: number; readonly body?: string }
  /** The connection is cut after half of the body of the request, or of the answer. */
  | { readonly fault: 'cut request' | 'cut answer' }
  /** One byte in the middle of the body is wrong. */
  | { readonly fault: 'corrupt request' | 'corrupt answer' }
  | { readonly fault: 'delay'; readonly milliseconds: number }
  | { readonly fault: 'refuse' }
  /** The request is read, and never answered. */
  | { readonly fault: 'silence' }
);

/** A request that the proxy has seen, and its answer. */
interface SeenRequest extends ProxiedRequest {
  /** `undefined` if the connection was cut. */
  status?: number;
  /** The fault that it got. */
  readonly fault?: Fault['fault'];
}

export interface FaultProxy {
  readonly url: string;
  readonly port: number;
  /** All requests, in order. */
  readonly seen: SeenRequest[];
  /** From now on, each request gets the first of these faults that applies to it. */
  meet(...faults: Fault[]): void;
  close(): Promise<void>;
}

/**
 * Sits in front of a server and does what networks do to requests. Headers pass unchanged, so signatures stay valid.
 *
 * @param port of the server, on the loopback interface
 * @param seed of the choice of requests; the same seed makes the same faults
 */
export async function startFaultProxy(port: number, seed = 1): Promise<FaultProxy> {
  const random = randomFrom(seed);
  const agent = new http.Agent({ keepAlive: true, maxSockets: 64 });
  const seen: SeenRequest[] = [];
  let faults: { left: number; fault: Fault }[] = [];

  const choose = (request: ProxiedRequest): Fault | undefined => {
    const met = faults.find(
      ({ left, fault }) => left > 0 && (fault.when?.(request) ?? true) && random() < (fault.share ?? 1),
    );
    if (met) met.left -= 1;
    return met?.fault;
  };
  const server = http.createServer((incoming, answer) => {
    const request = proxiedRequest(incoming);
    const fault = choose(request);
    const entry: SeenRequest = { ...request, ...(fault && { fault: fault.fault }) };
    seen.push(entry);
    answer.once('finish', () => {
      entry.status = answer.statusCode;
    });
    void handle({ incoming, answer, fault, port, agent });
  });
  server.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const own = (server.address() as AddressInfo).port;
  return {
    url: `http://127.0.0.1:${own}`,
    port: own,
    seen,
    meet: (...next) => {
      faults = next.map((fault) => ({ left: fault.times ?? Number.POSITIVE_INFINITY, fault }));
    },
    close: async () => {
      agent.destroy();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function proxiedRequest({ method = 'GET', url = '/', headers }: http.IncomingMessage): ProxiedRequest {
  const [path, query] = url.split(/\?(.*)/s);
  return { method, path: decodeURIComponent(path!), query: new URLSearchParams(query), headers };
}

interface Exchange {
  readonly incoming: http.IncomingMessage;
  readonly answer: http.ServerResponse;
  readonly fault: Fault | undefined;
  readonly port: number;
  readonly agent: http.Agent;
}

async function handle(exchange: Exchange): Promise<void> {
  const { incoming, answer, fault } = exchange;
  if (fault?.fault === 'refuse') {
    incoming.socket.resetAndDestroy();
    return;
  }
  if (fault?.fault === 'silence') {
    incoming.on('error', () => {}); // the client gives up
    incoming.resume();
    return;
  }
  if (fault?.fault === 'answer') {
    incoming.resume();
    answer.writeHead(fault.status, { 'content-type': 'application/xml' }).end(fault.body ?? '');
    return;
  }
  if (fault?.fault === 'delay') await sleep(fault.milliseconds);
  forward(exchange);
}

function forward({ incoming, answer, fault, port, agent }: Exchange): void {
  const { method, url: path, rawHeaders } = incoming;
  const outgoing = http.request({ host: '127.0.0.1', port, method, path, headers: rawHeaders, agent });
  const cut = () => {
    outgoing.destroy();
    incoming.socket.resetAndDestroy();
  };
  outgoing.on('error', cut);
  answer.on('close', () => outgoing.destroy());
  outgoing.on('response', (response) => {
    response.on('error', cut);
    answer.writeHead(response.statusCode!, response.rawHeaders);
    response.pipe(tamper(fault, 'answer', response, cut)).pipe(answer);
  });
  incoming.pipe(tamper(fault, 'request', incoming, cut)).pipe(outgoing);
}

/** Passes the first half of a body, and applies the fault in its middle. */
function tamper(
  fault: Fault | undefined,
  side: 'request' | 'answer',
  { headers }: http.IncomingMessage,
  cut: () => void,
): Transform {
  const corrupts = fault?.fault === `corrupt ${side}`;
  if (corrupts && headers['content-length'] === undefined) return corruptedAsAWhole();
  const middle = Math.floor(Number(headers['content-length'] ?? 0) / 2);
  let position = 0;
  return new Transform({
    transform(chunk: Buffer, _, done) {
      const at = middle - position;
      position += chunk.length;
      if (at < 0 || at >= chunk.length) return done(null, chunk);
      if (fault?.fault === `cut ${side}`) return cut();
      return done(null, corrupts ? flipped(chunk, at) : chunk);
    },
  });
}

/** Its length, and so its middle, is known only at its end. */
function corruptedAsAWhole(): Transform {
  const chunks: Buffer[] = [];
  return new Transform({
    transform(chunk: Buffer, _, done) {
      chunks.push(chunk);
      done();
    },
    flush(done) {
      const whole = Buffer.concat(chunks);
      done(null, flipped(whole, Math.floor(whole.length / 2)));
    },
  });
}

function flipped(chunk: Buffer, at: number): Buffer {
  const copy = Buffer.from(chunk);
  copy[at]! ^= 1;
  return copy;
}
