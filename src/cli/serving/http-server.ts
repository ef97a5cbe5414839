import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import { type AddressInfo, Server as NetServer, type Socket } from 'node:net';
import { describeSystemError, StaticFilesError, systemErrorCode } from '../../errors.js';

/** Longest wait for answers that are being sent when the server stops. Docker and others kill a process after 10 s. */
const STOP_MS = 8_000;

/** Longest wait for them when another server has taken over. A client that stops reading must not keep a process for ever. */
const RETIRE_MS = 3_600_000;

/** Server that accepts requests. */
export interface HttpServer {
  readonly port: number;
  /** Resolves when it has stopped or retired, and its last connection is closed. */
  readonly closed: Promise<unknown>;
  /** Finishes the answers that are being sent, and closes all other connections. */
  stop(): void;
  /**
   * Accepts no more connections, because another server does. Answers the requests of those that are open, and asks their
   * clients to close them.
   */
  retire(): void;
}

/**
 * Returns a server that listens.
 *
 * @param port 0 for a free one
 * @throws StaticFilesError `target` if it cannot listen there
 */
export async function startHttpServer(
  answer: RequestListener,
  port: number,
  host: string,
): Promise<HttpServer> {
  let isClosing = false;
  const server = createServer((request, response) => {
    if (isClosing) response.setHeader('connection', 'close');
    answer(request, response);
  });
  const sockets = openSockets(server);
  server.listen(port, host);
  await once(server, 'listening').catch((cause) => {
    throw cannotListen(port, host, cause);
  });
  const closed = once(server, 'close');

  function closeWithin(milliseconds: number): void {
    isClosing = true;
    const timer = setTimeout(() => server.closeAllConnections(), milliseconds);
    void closed.then(() => clearTimeout(timer));
  }

  return {
    port: (server.address() as AddressInfo).port,
    closed,
    stop() {
      closeWithin(STOP_MS);
      server.close();
      // For Node.js, a connection without any request so far is not idle.
      for (const socket of sockets) if (socket.bytesRead === 0) socket.destroy();
      const sweep = setInterval(() => server.closeIdleConnections(), 20);
      void closed.then(() => clearInterval(sweep));
    },
    retire() {
      closeWithin(RETIRE_MS);
      // The method of http.Server closes idle connections too, and a request may be on its way on one of them.
      NetServer.prototype.close.call(server);
    },
  };
}

function openSockets(server: NetServer): ReadonlySet<Socket> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  return sockets;
}

function cannotListen(port: number, host: string, cause: unknown): StaticFilesError {
  const taken = systemErrorCode(cause) === 'EADDRINUSE';
  const why = taken ? 'another program uses it. Choose another one with --port' : describeSystemError(cause);
  return new StaticFilesError('target', `Cannot listen on port ${port} of ${host}: ${why}.`, { cause });
}
