import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { type Fault, type FaultProxy, startFaultProxy } from './fault-proxy.js';

const TEXT = 'text '.repeat(100_000);

const open: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

/** A server that echoes requests, behind a proxy. */
async function echo(seed?: number): Promise<FaultProxy> {
  const server = http.createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', () => {
      response.setHeader('x-host', request.headers.host!);
      response.end(chunks.length > 0 ? Buffer.concat(chunks) : TEXT);
    });
  });
  server.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const proxy = await startFaultProxy((server.address() as AddressInfo).port, seed);
  open.push(
    async () => server.close(),
    () => proxy.close(),
  );
  return proxy;
}

const put = (proxy: FaultProxy, path: string) => fetch(proxy.url + path, { method: 'PUT', body: TEXT });

/** Returns how many bytes of an echo differ from those that were sent. */
async function differences(response: Response): Promise<number> {
  const bytes = Buffer.from(await response.arrayBuffer());
  expect(bytes.length).toBe(TEXT.length);
  return bytes.filter((byte, index) => byte !== TEXT.charCodeAt(index)).length;
}

test('bodies and headers pass unchanged, and requests are recorded', async () => {
  const proxy = await echo();
  const response = await put(proxy, '/b%C3%BC/a?x=1');
  expect(response.headers.get('x-host')).toBe(`127.0.0.1:${proxy.port}`);
  expect(await differences(response)).toBe(0);
  expect(proxy.seen).toMatchObject([{ method: 'PUT', path: '/bü/a', status: 200 }]);
  expect(proxy.seen[0]!.query.get('x')).toBe('1');
});

test('a request is answered instead of the server, a number of times', async () => {
  const proxy = await echo();
  proxy.meet({ fault: 'answer', status: 503, body: '<Error/>', times: 2 });
  const statuses = [];
  for (let i = 0; i < 3; i++) statuses.push((await put(proxy, '/')).status);
  expect(statuses).toEqual([503, 503, 200]);
});

test.each<Fault>([{ fault: 'cut request' }, { fault: 'cut answer' }, { fault: 'refuse' }])(
  '%o fails the request',
  async (fault) => {
    const proxy = await echo();
    proxy.meet(fault);
    await expect(put(proxy, '/').then((response) => response.text())).rejects.toThrow();
    expect(proxy.seen).toMatchObject([fault]);
  },
);

test.each<Fault>([{ fault: 'corrupt request' }, { fault: 'corrupt answer' }])(
  '%o changes one byte',
  async (fault) => {
    const proxy = await echo();
    proxy.meet(fault);
    const response = await (fault.fault === 'corrupt request' ? put(proxy, '/') : fetch(proxy.url));
    expect(await differences(response)).toBe(1);
  },
);

test('a request that meets silence gets no answer, and the next one does', async () => {
  const proxy = await echo();
  proxy.meet({ fault: 'silence', times: 1 });
  const waiting = fetch(proxy.url, { signal: AbortSignal.timeout(50) });
  await expect(waiting).rejects.toMatchObject({ name: 'TimeoutError' });
  expect((await put(proxy, '/')).status).toBe(200);
});

test('faults apply only to the requests that they are for', async () => {
  const proxy = await echo();
  proxy.meet({ fault: 'answer', status: 500, when: ({ path }) => path === '/a' });
  expect([(await put(proxy, '/a')).status, (await put(proxy, '/b')).status]).toEqual([500, 200]);
});

test('a share of the requests gets a fault, the same ones for the same seed', async () => {
  const statusesOf = async (seed: number) => {
    const proxy = await echo(seed);
    proxy.meet({ fault: 'answer', status: 500, share: 0.3 });
    const statuses = [];
    for (let i = 0; i < 60; i++) statuses.push((await fetch(`${proxy.url}/${i}`, { method: 'HEAD' })).status);
    return statuses.join();
  };
  const first = await statusesOf(1);
  expect(await statusesOf(1)).toBe(first);
  expect(await statusesOf(2)).not.toBe(first);
  const failed = first.split(',').filter((status) => status === '500').length;
  expect(failed).toBeGreaterThan(5);
  expect(failed).toBeLessThan(40);
});
