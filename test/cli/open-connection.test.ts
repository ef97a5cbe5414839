import { describe, expect, test } from 'vitest';
import { type CommandName, finished, run, start } from '../support/command.js';
import { newProject, type Project, SETTINGS } from '../support/project.js';

/** Keeps the process alive until it is closed, and reports that to standard error. */
const CONNECTED = `
import net from 'node:net';
import fs from 'node:fs';
import path from 'node:path';
export default async ({ folder, fails = false }, { baseDir }) => {
  const server = net.createServer();
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const at = (name) => path.join(baseDir, folder, name);
  return {
    name: 'connected',
    displayUrl: 'connected://' + folder,
    inventory: async () => {
      if (fails) throw new Error('the connection was refused');
      return { proof: { kind: 'hash', algorithm: 'sha384' }, get: () => undefined, entries: () => [] };
    },
    async write(files, { done }) {
      fs.mkdirSync(at(''), { recursive: true });
      for (const { publicPath, body } of files) {
        fs.writeFileSync(at(publicPath), 'bytes' in body ? body.bytes : fs.readFileSync(body.file));
        done({ publicPath });
      }
    },
    async remove() {},
    readText: async (name) => (fs.existsSync(at(name)) ? fs.readFileSync(at(name), 'utf8') : undefined),
    async close() {
      process.stderr.write('closed ' + folder + '\\n');
      await new Promise((resolve) => server.close(resolve));
    },
  };
};`;

function projectWith(changes: object = {}, options: object = {}): Project {
  const backend = { backend: './connected.mjs', options: { folder: 'out', ...options } };
  return newProject(
    { 'static/a.css': 'a {}\n', 'connected.mjs': CONNECTED },
    { ...SETTINGS, postProcess: ['fingerprint'], storages: { staticfiles: backend }, ...changes },
  );
}

function closings(stderr: string): string[] {
  return stderr.match(/^closed .*$/gm) ?? [];
}

describe.concurrent('a storage that keeps the process alive is closed once, and the command ends', () => {
  test.each<[string, CommandName, string[], number]>([
    ['a publish', 'collectstatic', ['--noinput'], 0],
    ['a dry run', 'collectstatic', ['--dry-run'], 0],
    ['a plan file', 'collectstatic', ['--plan-out', 'plan.json'], 0],
    ['a failing run', 'collectstatic', ['--noinput', '--link'], 2],
    ['a cancelled run', 'collectstatic', [], 1],
    ['a look-up', 'findstatic', ['a.css'], 0],
    ['a list of releases', 'staticfiles', ['releases', 'list'], 0],
    ['a prune without a manifest', 'staticfiles', ['prune', '--noinput'], 1],
    ['a look at the cache', 'staticfiles', ['cache'], 0],
  ])('%s', async (_, command, argv, exit) => {
    const { stderr, ...result } = await run(projectWith(), command, argv);
    expect({ exit: result.exit, closings: closings(stderr) }).toEqual({ exit, closings: ['closed out'] });
  });

  test('if the storage fails', async () => {
    const { exit, stderr } = await run(projectWith({}, { fails: true }), 'collectstatic', ['--noinput']);
    expect(exit).toBe(1);
    expect(closings(stderr)).toEqual(['closed out']);
  });

  test('if the manifest has its own storage', async () => {
    const storage = { backend: './connected.mjs', options: { folder: 'manifests' } };
    const { exit, stderr } = await run(projectWith({ manifest: { storage } }), 'collectstatic', [
      '--noinput',
    ]);
    expect(exit).toBe(0);
    expect(closings(stderr).sort()).toEqual(['closed manifests', 'closed out']);
  });

  test('if another plug-in cannot be loaded', async () => {
    const project = projectWith({ postProcess: ['no-such-processor'] });
    const { exit, stderr } = await run(project, 'collectstatic', ['--noinput']);
    expect(exit).toBe(1);
    expect(closings(stderr)).toEqual(['closed out']);
  });

  test('if watching is interrupted', async () => {
    const project = projectWith();
    const child = start(project, 'collectstatic', ['--noinput', '--watch']);
    child.stdout!.on('data', (text) => {
      if (String(text).includes('Watching')) child.kill('SIGINT');
    });
    expect(closings((await finished(project, child)).stderr)).toEqual(['closed out']);
  });
});
