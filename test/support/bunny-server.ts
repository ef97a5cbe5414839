import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

/** A service as https://docs.bunny.net/reference/storage-api tells of it: folders are listed one at a time. */
export interface BunnyServer {
  readonly host: string;
  /** By key. */
  readonly stored: Map<string, Buffer>;
  close(): void;
}

/** Starts one with the storage zone `zone`, and the access key `key`. */
export async function startBunny(): Promise<BunnyServer> {
  const stored = new Map<string, Buffer>();
  const server = createServer(async (request, response) => {
    const name = decodeURIComponent(request.url!.replace('/zone/', ''));
    const sent = await buffer(request).catch(() => undefined);
    if (sent === undefined) return response.destroy(); // the client has gone
    if (request.headers.accesskey !== 'key') return response.writeHead(401).end();
    if (request.method === 'PUT') stored.set(name, sent);
    const isThere = stored.has(name);
    if (request.method === 'DELETE') stored.delete(name);
    if (request.method !== 'GET')
      return response.writeHead(request.method === 'PUT' || isThere ? 200 : 404).end();
    const isFolder = name === '' || name.endsWith('/');
    const body = isFolder ? Buffer.from(JSON.stringify(listing(stored, name))) : stored.get(name);
    return response.writeHead(body ? 200 : 404).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const host = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { host, stored, close: () => server.close() };
}

function listing(stored: ReadonlyMap<string, Buffer>, folder: string) {
  const names = [...stored.keys()].filter((name) => name.startsWith(folder));
  const children = new Set(names.map((name) => name.slice(folder.length).replace(/\/.*/, '/')));
  return Array.from(children, (child) => {
    const bytes = stored.get(folder + child) ?? Buffer.alloc(0);
    return {
      ...{ ObjectName: child.replace('/', ''), IsDirectory: child.endsWith('/'), Length: bytes.length },
      Checksum: createHash('sha256').update(bytes).digest('hex').toUpperCase(),
    };
  });
}
