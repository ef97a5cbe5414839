import { createHash } from 'node:crypto';
import fs from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { collect } from './support/command.js';
import { newProject, SETTINGS } from './support/project.js';

const TOP = path.resolve(import.meta.dirname, '..');

/** The code of a block that begins with a comment naming its file. */
function example(document: string, name: string): string {
  const text = fs.readFileSync(path.join(TOP, document), 'utf8');
  const block = text.match(/```js\n[\s\S]*?```/g)?.find((code) => code.startsWith(`\`\`\`js\n// ${name}`));
  if (block === undefined) throw new Error(`${document} has no example ${name}`);
  return block.slice('```js\n'.length, -'```'.length);
}

function projectWith(document: string, name: string, settings: object) {
  const project = newProject(
    { 'static/a.txt': 'a', [name]: example(document, name), 'package.json': '{"type":"module"}' },
    { ...SETTINGS, ...settings },
  );
  fs.mkdirSync(project.path('node_modules'));
  fs.symlinkSync(TOP, project.path('node_modules/staticfiles'));
  return project;
}

test('the processor in the README adds its file', async () => {
  const project = projectWith('README.md', 'build-info.js', {
    postProcess: [['./build-info.js', { team: 'web' }]],
  });
  expect(await collect(project)).toMatchObject({ exit: 0, stderr: '' });
  expect(project.texts()).toEqual({ 'a.txt': 'a', 'build.txt': 'by web\n' });
});

test('the finder of docs/plugins.md is asked', async () => {
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

/** A service as https://docs.bunny.net/reference/storage-api tells of it: folders are listed one at a time. */
const stored = new Map<string, Buffer>();
let server: Server;

beforeAll(async () => {
  server = createServer(async (request, response) => {
    const name = decodeURIComponent(request.url!.replace('/zone/', ''));
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    if (request.headers.accesskey !== 'key') return response.writeHead(401).end();
    if (request.method === 'PUT') stored.set(name, Buffer.concat(chunks));
    if (request.method === 'DELETE') stored.delete(name);
    const isFolder = name === '' || name.endsWith('/');
    const body = isFolder ? Buffer.from(JSON.stringify(listing(name))) : stored.get(name);
    return response.writeHead(body || request.method !== 'GET' ? 200 : 404).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});

afterAll(() => server.close());

function listing(folder: string) {
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

test('the storage of docs/storages.md sends what differs, and clears', async () => {
  stored.set('site/old/old.txt', Buffer.from('old'));
  const host = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
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

test('the finalizer of docs/storages.md purges what may be cached', async () => {
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
    storages: { staticfiles: { finalize: ['./purge.js', { api }] } },
  });
  project.write({ 'static/a b.txt': 'b' });
  expect(await collect(project)).toMatchObject({ exit: 0, stderr: '' });
  cdn.close();
  const manifests = ['/static/staticfiles.details.json', '/static/staticfiles.json'];
  expect(purged).toEqual([{ urls: ['/static/a%20b.txt', '/static/a.txt', ...manifests] }]);
});
