import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import { collect } from '../support/command.js';
import { examplesIn, linkPackages } from '../support/documents.js';
import { newProject, type Project, SETTINGS } from '../support/project.js';

/** Asks an example's application for each path, and prints the answers as JSON. */
const RUN = `
const [, , example, ...paths] = process.argv;
const { app } = await import(example);
const fetchFrom = await served();
const answers = [];
for (const path of paths) {
  const response = await fetchFrom(path);
  answers.push([response.status, response.headers.get('cache-control'), await response.text()]);
}
console.log(JSON.stringify(answers));
process.exit();

async function served() {
  if (app.fetch) return (path) => app.fetch(new Request('http://localhost' + path));
  if (app.ready) {
    await app.listen({ port: 0, host: '127.0.0.1' });
    return (path) => fetch('http://127.0.0.1:' + app.server.address().port + path);
  }
  const server = app.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.on('listening', resolve));
  return (path) => fetch('http://127.0.0.1:' + server.address().port + path);
}
`;

const SERVERS = ['node', 'express', 'fastify', 'koa', 'hono'];

let project: Project;

beforeAll(async () => {
  project = newProject(
    {
      ...examplesIn('docs/serving.md'),
      'run.js': RUN,
      'package.json': '{"type": "module"}',
      'static/css/app.css': 'a{}',
      'static/private/plan.txt': 'plan',
    },
    { ...SETTINGS, postProcess: ['fingerprint'] },
  );
  linkPackages(project, ['express', 'fastify', 'koa', 'hono']);
  expect(await collect(project)).toMatchObject({ exit: 0, stderr: '' });
});

async function answers(name: string, paths: readonly string[]): Promise<unknown[]> {
  const env = { PATH: process.env.PATH ?? '', NODE_ENV: 'production' };
  const argv = ['run.js', `./${name}.js`, ...paths];
  const { stdout } = await promisify(execFile)(process.execPath, argv, { cwd: project.dir, env });
  return JSON.parse(stdout);
}

it('the document has an example for each server', () => {
  expect(Object.keys(examplesIn('docs/serving.md')).sort()).toEqual(
    [...SERVERS, 'guard'].map((name) => `${name}.js`).sort(),
  );
});

describe('the example serves the files, before its application', () => {
  it.each(SERVERS)('%s', async (name) => {
    const [plain, renamed, gone, home] = await answers(name, [
      '/static/css/app.css',
      '/static/css/app.307cc22fa776.css',
      '/static/css/app.000000000000.css',
      '/',
    ]);
    expect(plain).toEqual([200, 'public, max-age=60', 'a{}']);
    expect(renamed).toEqual([200, 'public, max-age=31536000, immutable', 'a{}']);
    expect(gone).toMatchObject([404, 'no-store', '']);
    expect(home).toEqual(name === 'node' ? [404, 'no-store', ''] : [200, null, 'home']);
  });
});

it('the example of a guard keeps files from clients that it does not know', async () => {
  const [home, css, secret, escaped] = await answers('guard', [
    '/',
    '/static/css/app.css',
    '/static/private/plan.txt',
    '/static/%70rivate/plan.txt',
  ]);
  expect([home, css]).toEqual([
    [200, null, 'home'],
    [200, 'public, max-age=60', 'a{}'],
  ]);
  expect([secret, escaped]).toEqual([
    [401, null, ''],
    [401, null, ''],
  ]);
});
