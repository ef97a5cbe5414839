import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type BunnyServer, startBunny } from '../support/bunny-server.js';
import { collect } from '../support/command.js';
import { projectWith } from '../support/examples.js';

let bunny: BunnyServer;

beforeAll(async () => {
  bunny = await startBunny();
});

afterAll(() => bunny.close());

test('the storage of docs/storages.md sends what differs, and clears', async () => {
  const { stored, host } = bunny;
  stored.set('site/old/old.txt', Buffer.from('old'));
  const options = { host, zone: 'zone', accessKey: 'key', prefix: 'site', concurrency: 4 };
  const project = projectWith('docs/storages.md', 'bunny.js', {
    storages: { staticfiles: { backend: './bunny.js', options } },
  });
  expect(await collect(project)).toMatchObject({
    exit: 0,
    stdout: expect.stringContaining('1 static file: 1 copied · 1 published ('),
  });
  expect(await collect(project)).toMatchObject({
    stdout: expect.stringContaining('1 static file: 1 unmodified · 1 published ('),
  });
  expect(await collect(project, ['--clear=all'])).toMatchObject({ exit: 0, stderr: '' });
  const own = ['site/.staticfiles-head.json', 'site/.staticfiles-index.json'];
  expect([...stored.keys()].sort()).toEqual([...own, 'site/a.txt']);
});

test('the hook of docs/storages.md purges what may be cached', async () => {
  const purged: unknown[] = [];
  const cdn = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    purged.push(JSON.parse(body));
    response.end();
  });
  await new Promise<void>((resolve) => cdn.listen(0, '127.0.0.1', resolve));
  const api = `http://127.0.0.1:${(cdn.address() as AddressInfo).port}/purge`;
  const project = projectWith('docs/storages.md', 'purge.js', {
    postProcess: ['fingerprint'],
    storages: { staticfiles: { afterPublish: ['./purge.js', { api }] } },
  });
  project.write({ 'static/a b.txt': 'b' });
  expect(await collect(project)).toMatchObject({ exit: 0, stderr: '' });
  cdn.close();
  const manifests = ['/static/staticfiles.details.json', '/static/staticfiles.json'];
  expect(purged).toEqual([{ urls: ['/static/a%20b.txt', '/static/a.txt', ...manifests] }]);
});
