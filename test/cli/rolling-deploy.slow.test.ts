import fs from 'node:fs';
import { expect, test } from 'vitest';
import { loadStatic } from '../../src/runtime/load.js';
import { collect, run } from '../support/command.js';
import type { Project } from '../support/project.js';
import { newSite, style } from '../support/releases.js';
import { startWatching } from '../support/watching.js';

const COLOURS: Readonly<Record<string, string>> = { v1: 'red', v2: 'green', v3: 'black' };

async function deploy(project: Project, id: string, argv: readonly string[] = []): Promise<void> {
  project.write({ 'static/app.css': style(COLOURS[id]!) });
  expect(await collect(project, ['--release', id, ...argv])).toMatchObject({ exit: 0, stderr: '' });
}

async function staticfiles(project: Project, ...argv: string[]): Promise<void> {
  expect(await run(project, 'staticfiles', argv)).toMatchObject({ exit: 0, stderr: '' });
}

/** A server of one release: `staticfiles serve`, and the application that makes its pages. */
async function startServer(project: Project, release: string) {
  const env = { RELEASE_ID: release };
  const server = startWatching(project, 'staticfiles', ['serve', '--port', '0'], { env });
  const [url] = /http:\/\/[^\s;]+/.exec(await server.line('http://'))!;
  const app = await loadStatic({ manifest: project.path('root/staticfiles.json'), env });
  return { release, url, page: () => ({ release, link: app.publicPath('app.css') }) };
}

type Server = Awaited<ReturnType<typeof startServer>>;

/** What a browser sees with a page from one server and its style sheet from another one. */
async function visit(from: Server, to: Server): Promise<string> {
  const { release, link } = from.page();
  const response = await fetch(to.url + link);
  const mixed = (await response.text()) === style(COLOURS[release]!) ? 'right' : 'mixed';
  return `page of ${release} from ${to.release}: ${response.status} ${mixed}`;
}

test('two releases answer under load while a third is published, one is rolled back to, and old ones go', async () => {
  const project = newSite();
  await deploy(project, 'v1');
  const first = await startServer(project, 'v1');
  await deploy(project, 'v2');
  const second = await startServer(project, 'v2');
  const servers = [first, second];
  const pairs = servers.flatMap((from) => servers.map((to) => [from, to] as const));

  const seen = new Set<string>();
  let loading = true;
  const load = pairs.map(async ([from, to]) => {
    while (loading) seen.add(await visit(from, to));
  });
  await deploy(project, 'v3');
  await staticfiles(project, 'releases', 'activate', 'v1');
  await staticfiles(project, 'prune', '--noinput', '--keep', '2'); // keeps v3 and v2 as the newest, v1 as the active one
  await staticfiles(project, 'releases', 'activate', 'v2');
  await deploy(project, 'v3', ['--prune', '--keep', '3']);
  loading = false;
  await Promise.all(load);

  const expected = pairs.map(([from, to]) => `page of ${from.release} from ${to.release}: 200 right`);
  expect([...seen].sort()).toEqual(expected.sort());

  const third = await startServer(project, 'v3');
  expect(await visit(first, third)).toBe('page of v1 from v3: 200 right');
  await staticfiles(project, 'prune', '--noinput', '--keep', '1');
  expect(await visit(third, third)).toBe('page of v3 from v3: 200 right');
  expect(await visit(third, first)).toBe('page of v3 from v1: 200 right');
  const gone = await fetch(third.url + second.page().link);
  expect([gone.status, gone.headers.get('cache-control')]).toEqual([404, 'no-store']);
  expect(fs.existsSync(project.path('root/v1'))).toBe(false);
});
