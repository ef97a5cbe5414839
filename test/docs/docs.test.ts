import { execFileSync } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type BunnyServer, startBunny } from '../support/bunny-server.js';
import { collect } from '../support/command.js';
import { projectWith } from '../support/examples.js';

test('the smallest processor of docs/plugins.md adds its file', async () => {
  const project = projectWith('docs/plugins.md', 'build-info.js', {
    postProcess: [['./build-info.js', { team: 'web' }]],
  });
  expect(await collect(project)).toMatchObject({ exit: 0, stderr: '' });
  expect(project.texts()).toEqual({ 'a.txt': 'a', 'build.txt': 'by web\n' });
});

test('the finder of docs/plugins.md finds its file', async () => {
  const project = projectWith('docs/plugins.md', 'git-info.js', {
    staticfilesFinders: ['file-system', './git-info.js'],
  });
  project.write({ '.git/HEAD': 'ref: refs/heads/main\n' });
  expect(await collect(project)).toMatchObject({ exit: 0, stderr: '' });
  expect(project.texts()).toEqual({ 'a.txt': 'a', 'git-head.txt': 'ref: refs/heads/main\n' });
});

test('the processor of docs/plugins.md joins licences', async () => {
  const project = projectWith('docs/plugins.md', 'licences.js', {
    postProcess: [['./licences.js', { name: 'LICENCES.txt' }]],
  });
  project.write({ 'static/x/LICENSE': 'MIT' });
  expect(await collect(project)).toMatchObject({ exit: 0, stderr: '' });
  expect(project.texts()).toMatchObject({ 'LICENCES.txt': 'MIT' });
});

test('the scanner of docs/plugins.md finds assets', async () => {
  const scanners = [{ files: '**/*.tpl', scan: './scan-tpl.js' }];
  const project = projectWith('docs/plugins.md', 'scan-tpl.js', {
    postProcess: [['fingerprint', { originals: false, references: { scanners } }]],
  });
  project.write({ 'static/tpl/é.tpl': 'é {{ asset "../a.txt" }}' });
  expect(await collect(project)).toMatchObject({ exit: 0, stderr: '' });
  const page = Object.entries(project.texts()).find(([name]) => name.startsWith('tpl/'));
  expect(page?.[1]).toBe('é {{ asset "../a.0cc175b9c0f1.txt" }}');
});

test('the program of docs/library.md says what a run would do, and where a file comes from', () => {
  const project = projectWith('docs/library.md', 'build.js', {});
  project.write({ 'static/css/app.css': 'a{}' });
  const stdout = execFileSync(process.execPath, ['build.js'], { cwd: project.dir, encoding: 'utf8' });
  expect(stdout.split('\n')).toEqual(['2', project.path('static/css/app.css'), '']);
});

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
  const to = `to '${host}/zone/site/'`;
  expect(await collect(project)).toMatchObject({ exit: 0, stdout: `\n1 static file copied ${to}.\n` });
  expect(await collect(project)).toMatchObject({
    stdout: `\n0 static files copied ${to}, 1 unmodified.\n`,
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
