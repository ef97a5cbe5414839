import http from 'node:http';
import net from 'node:net';

/** Response on a connection. */
export interface Received {
  /** 0 if nothing came that looks like a response; 431 if the server closed the connection early. */
  readonly status: number;
  /** By lower-case name. */
  readonly headers: ReadonlyMap<string, string>;
  /** In Latin-1. */
  readonly body: string;
}

const CUT_SHORT: Received = { status: 431, headers: new Map(), body: '' };

const PATIENCE_MS = 10_000;

/** Sends a request in Latin-1 and waits until the server closes the connection. */
export function exchange(port: number, request: string): Promise<Received> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    const socket = net.connect(port, '127.0.0.1', () => socket.write(request, 'latin1'));
    socket.setTimeout(PATIENCE_MS, () => socket.destroy(new Error('The server did not answer in time.')));
    socket.on('data', (chunk) => chunks.push(chunk));
    socket.on('error', (error) => {
      if (!isCutShort(error, request)) reject(error);
    });
    socket.on('close', () => {
      const text = Buffer.concat(chunks).toString('latin1');
      resolve(text === '' && request.length > http.maxHeaderSize ? CUT_SHORT : parsed(text));
    });
  });
}

/** Whether the request is too large, so that the server may close the connection before it has read all of it. */
function isCutShort({ code }: NodeJS.ErrnoException, request: string): boolean {
  return request.length > http.maxHeaderSize && (code === 'ECONNRESET' || code === 'EPIPE');
}

function parsed(text: string): Received {
  const end = text.indexOf('\r\n\r\n');
  const [statusLine = '', ...lines] = text.slice(0, end).split('\r\n');
  const headers = lines.map((line): [string, string] => {
    const colon = line.indexOf(':');
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
  });
  const status = Number(/^HTTP\/1\.1 (\d{3}) /.exec(statusLine)?.[1] ?? 0);
  return { status, headers: new Map(headers), body: text.slice(end + 4) };
}
