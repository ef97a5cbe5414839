import { once } from 'node:events';
import http from 'node:http';
import net, { type AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { endingSilence, httpAgents } from '../../src/plugins/http-agents.js';
import { createS3Store } from '../../src/storages/s3/s3.js';
import { bodyOf, messageOf, putOptions, SIGNAL } from '../support/objects.js';
import { type ScriptedAnswer, scriptedServer } from '../support/scripted-server.js';

const VARIABLES = ['HTTPS_PROXY', 'HTTP_PROXY', 'ALL_PROXY', 'NO_PROXY'];

beforeEach(() => {
  for (const name of VARIABLES.flatMap((each) => [each, each.toLowerCase()])) vi.stubEnv(name, undefined);
});
afterEach(() => void vi.unstubAllEnvs());

/** A proxy that opens tunnels to one server, whatever their host, or refuses them with a status. */
async function tunnels(to: number | { readonly port: number }) {
  const asked: { host: string; authorization: string | undefined }[] = [];
  const server = http.createServer().on('connect', (request, socket: net.Socket) => {
    asked.push({ host: request.url!, authorization: request.headers['proxy-authorization'] });
    if (typeof to === 'number') return socket.end(`HTTP/1.1 ${to} Refused\r\ncontent-length: 0\r\n\r\n`);
    const target = net.connect(to.port, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      socket.pipe(target).pipe(socket);
    });
    target.on('error', () => socket.destroy());
    socket.on('error', () => target.destroy());
    return undefined;
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return { address: `127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

const STORED: ScriptedAnswer = { headers: { etag: '"v1"' } };
const WHERE = {
  ...{ bucket: 'site', region: 'r', forcePathStyle: true, maxAttempts: 1 },
  credentials: { accessKeyId: 'me', secretAccessKey: 'the-secret-of-the-tests' },
};

test.each(['HTTP_PROXY', 'http_proxy', 'ALL_PROXY'])(
  'S3 goes through the proxy of %s, small files too',
  async (name) => {
    const proxy = await scriptedServer(() => STORED);
    vi.stubEnv(name, proxy.url);
    const store = createS3Store({ ...WHERE, endpoint: 'http://storage.invalid' });
    for (const key of ['a', 'b']) await store.put(key, bodyOf(key), putOptions());
    expect(proxy.requests.map(({ target }) => target.replace(/\?.*/, ''))).toEqual([
      'http://storage.invalid/site/a',
      'http://storage.invalid/site/b',
    ]);
    await store.close!();
  },
);

test.each([
  ['127.0.0.1', 0],
  ['.invalid,127.0.0.0', 1],
  ['*', 0],
])('NO_PROXY=%s is respected', async (exceptions, proxied) => {
  const proxy = await scriptedServer(() => STORED);
  const service = await scriptedServer(() => STORED);
  vi.stubEnv('HTTP_PROXY', proxy.url);
  vi.stubEnv('NO_PROXY', exceptions);
  const store = createS3Store({ ...WHERE, endpoint: service.url });
  await store.put('a', bodyOf('a'), putOptions());
  expect([service.requests.length, proxy.requests.length]).toEqual([1 - proxied, proxied]);
});

test('a secure address is asked for through a tunnel, with the name and password of the proxy', async () => {
  const { address, asked } = await tunnels({ port: 9 });
  vi.stubEnv('HTTPS_PROXY', `http://me:hidden@${address}`);
  const store = createS3Store({ ...WHERE, endpoint: 'https://storage.invalid' });
  expect(await messageOf(store.read('a', SIGNAL))).not.toContain('hidden');
  const authorization = `Basic ${Buffer.from('me:hidden').toString('base64')}`;
  expect(asked[0]).toEqual({ host: 'storage.invalid:443', authorization });
});

test('an address without a protocol is that of an HTTP proxy', async () => {
  const { address, asked } = await tunnels({ port: 9 });
  vi.stubEnv('HTTPS_PROXY', address);
  await messageOf(createS3Store({ ...WHERE, endpoint: 'https://storage.invalid' }).read('a', SIGNAL));
  expect(asked[0]).toMatchObject({ host: 'storage.invalid:443' });
});

test('a proxy that asks for a password is told of', async () => {
  const { address } = await tunnels(407);
  vi.stubEnv('HTTPS_PROXY', `http://${address}`);
  const store = createS3Store({ ...WHERE, endpoint: 'https://storage.invalid' });
  expect(await messageOf(store.read('a', SIGNAL))).toContain('the proxy asks for a name and a password');
});

test('connections to a proxy are kept', async () => {
  let connections = 0;
  const proxy = http.createServer((_, response) => response.end('ok')).on('connection', () => connections++);
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  onTestFinished(() => void proxy.close());
  vi.stubEnv('HTTP_PROXY', `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`);
  const { httpAgent } = await httpAgents({ keepAlive: true });
  for (let count = 0; count < 3; count++) {
    const request = http.get('http://storage.invalid/', { agent: httpAgent });
    const [response] = (await once(request, 'response')) as [http.IncomingMessage];
    await response.toArray();
    await new Promise(setImmediate);
  }
  expect(connections).toBe(1);
  httpAgent.destroy();
});

test('without a proxy in the environment, or with one of another kind, the service is asked directly', async () => {
  const service = await scriptedServer(() => STORED);
  for (const proxy of [undefined, 'socks5://127.0.0.1:9']) {
    vi.stubEnv('ALL_PROXY', proxy);
    await createS3Store({ ...WHERE, endpoint: service.url }).put('a', bodyOf('a'), putOptions());
  }
  expect(service.requests).toHaveLength(2);
});

/** Sends a body, and returns the status of the answer. */
function statusOf(url: string, agent: http.Agent, body: string | Buffer): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const request = http.request(url, { agent, method: 'PUT' }, (response) => {
      response.resume().on('end', () => resolve(response.statusCode));
    });
    request.on('error', reject).end(body);
  });
}

test.each(['directly', 'through a proxy'])('a request that gets no answer %s is ended', async (way) => {
  const server = await scriptedServer((_, before) => ({ silent: before > 0 }));
  if (way === 'through a proxy') vi.stubEnv('HTTP_PROXY', server.url);
  const url = way === 'through a proxy' ? 'http://storage.invalid' : server.url;
  const agent = endingSilence((await httpAgents({ keepAlive: true })).httpAgent, 50);
  expect(await statusOf(url, agent, 'a')).toBe(200);
  // The second one is sent over the connection of the first.
  await expect(statusOf(url, agent, 'b')).rejects.toMatchObject({ code: 'ETIMEDOUT' });
  agent.destroy();
});
