import fs from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.css': 'text/css',
  '.js': 'text/javascript',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
  '.webmanifest': 'application/manifest+json',
};

/**
 * A plain server of a folder under `/static/`, which knows no file but those that are there.
 *
 * @param pages HTML by path, as an application would make it
 */
export async function serve(
  root: string,
  pages: Readonly<Record<string, string>> = {},
): Promise<{ readonly url: string; close(): void }> {
  const server = http.createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    const page = pages[pathname];
    if (page !== undefined) return response.writeHead(200, { 'content-type': 'text/html' }).end(page);
    const file = path.join(root, decodeURIComponent(pathname).replace(/^\/static\//, ''));
    const found = pathname.startsWith('/static/') && fs.statSync(file, { throwIfNoEntry: false })?.isFile();
    if (!found) return response.writeHead(404).end('not found');
    const [coding, extension] = codingFor(file, request.headers['accept-encoding']) ?? [];
    response.writeHead(200, {
      'content-type': TYPES[path.extname(file)] ?? 'application/octet-stream',
      ...(coding && { 'content-encoding': coding }),
    });
    response.end(fs.readFileSync(file + (extension ?? '')));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, close: () => server.close() };
}

/** The variant that a client who asks for one coding alone gets. */
function codingFor(file: string, accepted: string | undefined) {
  const codings = [
    ['br', '.br'],
    ['gzip', '.gz'],
  ] as const;
  return codings.find(([coding, extension]) => accepted === coding && fs.existsSync(file + extension));
}
