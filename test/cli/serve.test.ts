import fs from 'node:fs';
import os from 'node:os';
import { describe, expect, test, vi } from 'vitest';
import { serverAt } from '../serve/support/http.js';
import { collect, type RunOptions, run } from '../support/command.js';
import { newProject, type Project, SETTINGS } from '../support/project.js';
import { startWatching, type Watching } from '../support/watching.js';

const FINGERPRINTED = { ...SETTINGS, postProcess: ['fingerprint', 'compress'] };
const TREE = { 'static/css/app.css': `a { color: red }${' '.repeat(500)}`, 'static/.secret': 'hidden' };

/** Starts `staticfiles serve` on a free port, and returns its URL too. */
async function serving(
  project: Project,
  argv: readonly string[],
  options?: RunOptions,
): Promise<Watching & { readonly url: string }> {
  const watching = startWatching(project, 'staticfiles', ['serve', '--port', '0', ...argv], options);
  const line = await watching.line('http://');
  return { ...watching, url: /http:\/\/[^\s;"]+/.exec(line)![0] };
}

describe.concurrent('staticfiles serve', () => {
  test('serves published files under their fingerprinted names, and prints no requests', async () => {
    const project = newProject(TREE, FINGERPRINTED);
    await collect(project);
    const { paths } = JSON.parse(fs.readFileSync(project.path('root/staticfiles.json'), 'utf8'));
    const server = await serving(project, []);
    const response = await fetch(server.url + paths['css/app.css'], { headers: { 'accept-encoding': 'br' } });
    expect([response.status, response.headers.get('content-encoding')]).toEqual([200, 'br']);
    expect(response.headers.get('cache-control')).toContain('immutable');
    expect(await response.text()).toContain('color: red');
    expect((await fetch(`${server.url}staticfiles.json`)).status).toBe(404);
    const { exit, stdout, stderr } = await server.stop();
    expect([exit, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(
      /^Serving '\{TMP\}\/root' at http:\/\/127\.0\.0\.1:\d+\/static\/ \(press Ctrl-C to stop\)\n$/,
    );
  });

  test('reads the manifest again at SIGHUP', async () => {
    const project = newProject(TREE, FINGERPRINTED);
    await collect(project);
    const server = await serving(project, []);
    project.write({ 'static/new.js': 'new' });
    await collect(project);
    expect((await fetch(`${server.url}new.js`)).status).toBe(404);
    server.kill('SIGHUP');
    await vi.waitFor(async () => expect((await fetch(`${server.url}new.js`)).status).toBe(200));
  });

  test.each([[[]], [['--workers', '1']]])(
    'goes on if SIGHUP comes as soon as it says where it serves, %j',
    async (argv) => {
      const project = newProject(TREE, FINGERPRINTED);
      await collect(project);
      const server = await serving(project, argv, { preload: 'hang-up.mjs' });
      for (let times = 0; times < 5; times++) expect((await fetch(`${server.url}none.js`)).status).toBe(404);
      expect(await server.stop()).toMatchObject({ exit: 0, signal: null });
    },
  );

  test('says what to do if nothing was collected', async () => {
    const result = await run(newProject(TREE, FINGERPRINTED), 'staticfiles', ['serve', '--port', '0']);
    expect(result).toMatchObject({ exit: 1, stderr: expect.stringContaining('Run collectstatic') });
  });

  test.each(['root/staticfiles.json', 'staticfiles.config.json'])(
    'ends at once with a FIFO in place of %s',
    async (name) => {
      const project = newProject(TREE, FINGERPRINTED);
      await collect(project);
      fs.rmSync(project.path(name));
      project.write({ [name]: { fifo: true } });
      for (const argv of [[], name.startsWith('root') ? [] : ['--settings', name]]) {
        const result = await run(project, 'staticfiles', ['serve', '--port', '0', ...argv]);
        expect(result).toMatchObject({
          exit: 1,
          stderr: expect.stringContaining('it is a FIFO, not a file'),
        });
      }
    },
  );

  test('stops at SIGTERM while it starts', async () => {
    const project = newProject(TREE);
    project.write({
      'staticfiles.config.mjs': `
        const nothing = async () => {};
        const readText = () => { console.error('reading'); return new Promise((done) => setTimeout(done, 60_000)); };
        const backend = { name: 'slow', readText, inventory: nothing, write: nothing, remove: nothing };
        export default { manifest: { storage: { backend } }, postProcess: ['fingerprint'] };`,
    });
    const argv = ['serve', '--port', '0', '--settings', 'staticfiles.config.mjs'];
    const server = startWatching(project, 'staticfiles', argv);
    await server.line('reading');
    server.kill('SIGTERM');
    expect(await server.line('Interrupted')).toBe('Interrupted.');
  });

  test('reports that another program uses its port', async () => {
    const project = newProject(TREE);
    await collect(project);
    const { url } = await serving(project, []);
    const result = await run(project, 'staticfiles', ['serve', '--port', new URL(url).port]);
    expect(result).toMatchObject({ exit: 1, stderr: expect.stringContaining('--port') });
  });

  test.each([
    ['--port', 'none'],
    ['--port', '70000'],
    ['--show-indexes'],
    ['--insecure'],
    ['--allowed-hosts', 'dev.example'],
  ])('refuses %s %s', async (...argv) => {
    expect(await run(newProject(TREE), 'staticfiles', ['serve', ...argv])).toMatchObject({ exit: 2 });
  });
});

describe.concurrent('staticfiles serve --dev', () => {
  test('serves the sources, new and changed ones at once, and prints where each was found', async () => {
    const project = newProject(TREE, FINGERPRINTED);
    const server = await serving(project, ['--dev']);
    const response = await fetch(`${server.url}css/app.css`);
    expect([response.status, response.headers.get('cache-control')]).toEqual([200, 'no-cache']);
    expect(await server.line('200 GET')).toBe(
      `200 GET '/static/css/app.css' from '${project.path('static/css/app.css')}'`,
    );
    project.write({ 'static/css/app.css': 'changed', 'static/new.js': 'new' });
    expect(await (await fetch(`${server.url}css/app.css`)).text()).toBe('changed');
    expect(await (await fetch(`${server.url}new.js`)).text()).toBe('new');
    expect((await fetch(`${server.url}.secret`)).status).toBe(404);
    expect(await server.line('404 GET')).toBe("404 GET '/static/.secret'");
    expect(await server.stop()).toMatchObject({ exit: 0, stderr: '' });
  });

  test('answers its own host and allowed ones', async () => {
    const project = newProject({ 'static/a.css': 'a' });
    const server = await serving(project, ['--dev', '--allowed-hosts', 'dev.example, .example.org']);
    const { port } = new URL(server.url);
    const status = async (host: string) =>
      (await serverAt(Number(port)).get('/static/a.css', { headers: { host } })).status;
    for (const host of [`localhost:${port}`, 'dev.example', 'a.example.org']) {
      expect([host, await status(host)]).toEqual([host, 200]);
    }
    expect(await status('evil.example')).toBe(403);
    expect(await server.line('403 GET')).toContain("403 GET '/static/a.css'");
  });

  test('answers the addresses of this machine if it listens on all of them', async () => {
    const project = newProject({ 'static/a.css': 'a' });
    const { url } = await serving(project, ['--dev', '--host', '0.0.0.0']);
    const addresses = Object.values(os.networkInterfaces()).flatMap((each) => each ?? []);
    for (const host of [
      '0.0.0.0',
      ...addresses.map(({ family, address }) => (family === 'IPv6' ? `[${address}]` : address)),
    ]) {
      const { status } = await serverAt(Number(new URL(url).port)).get('/static/a.css', {
        headers: { host },
      });
      expect([host, status]).toEqual([host, 200]);
    }
  });

  test('warns of missing references, once for each state of a file', async () => {
    const project = newProject({ 'static/a.css': "a { background: url('none.png') }" });
    const server = await serving(project, ['--dev']);
    for (let times = 0; times < 2; times++) await fetch(`${server.url}a.css`);
    await server.line("Warning: static/a.css:1:22: 'none.png' not found.");
    project.write({ 'static/none.png': 'here now', 'static/a.css': "b { background: url('other.png') }" });
    await fetch(`${server.url}a.css`);
    await server.line("'other.png' not found");
    expect(server.printed().split('none.png').length - 1).toBe(1);
  });

  test('lists folders with --show-indexes', async () => {
    const server = await serving(newProject(TREE), ['--dev', '--show-indexes']);
    const page = await (await fetch(server.url)).text();
    expect(page).toContain('<a href="./css/">css/</a>');
    expect(page).not.toContain('secret');
    expect((await fetch(`${server.url}css`)).url).toBe(`${server.url}css/`);
    expect((await fetch(`${server.url}none/`)).status).toBe(404);
  });

  test('serves the media folder of the settings', async () => {
    const project = newProject(
      { ...TREE, 'uploads/x.txt': 'x', 'private.txt': 'no' },
      { ...SETTINGS, mediaRoot: 'uploads', mediaUrl: '/media/' },
    );
    fs.symlinkSync(project.path('private.txt'), project.path('uploads/link.txt'));
    const { url } = await serving(project, ['--dev']);
    expect(await (await fetch(new URL('/media/x.txt', url))).text()).toBe('x');
    expect((await fetch(new URL('/media/link.txt', url))).status).toBe(404);
  });

  test('refuses NODE_ENV=production without --insecure', async () => {
    const project = newProject(TREE);
    const env = { NODE_ENV: 'production' };
    const result = await run(project, 'staticfiles', ['serve', '--dev', '--port', '0'], { env });
    expect(result).toMatchObject({ exit: 2, stderr: expect.stringContaining('insecure') });
    const server = startWatching(project, 'staticfiles', ['serve', '--dev', '--insecure', '--port', '0'], {
      env,
    });
    await server.line('Serving the sources');
  });

  test('--json prints one document a line', async () => {
    const server = await serving(newProject(TREE), ['--dev', '--json']);
    await fetch(`${server.url}css/app.css?v=1`);
    expect(JSON.parse(await server.line('"status"'))).toMatchObject({
      command: 'serve',
      method: 'GET',
      url: '/static/css/app.css?v=1',
      status: 200,
      source: expect.stringContaining('app.css'),
    });
  });
});
