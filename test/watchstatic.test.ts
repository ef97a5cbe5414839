import fs from 'node:fs';
import { expect, test } from 'vitest';
import type { StaticFilesError } from '../src/errors.js';
import { loadSettings } from '../src/settings/load.js';
import { type WatchedRun, type WatchOptions, watchstatic } from '../src/watchstatic.js';
import { newProject, type Project } from './support/project.js';

const TREE = { 'static/a.txt': 'a' };

/** A promise with its resolver: Node 20 has no `Promise.withResolvers`. */
function deferred<Value>() {
  let resolve!: (value: Value) => void;
  const promise = new Promise<Value>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}

async function start(project: Project, options: WatchOptions = {}) {
  const settings = await loadSettings({ cwd: project.dir, env: {} });
  const ready = deferred<void>();
  const failed = deferred<StaticFilesError>();
  const watcher = watchstatic(settings, { onError: failed.resolve, ...options, onReady: ready.resolve });
  const failure = await Promise.race([ready.promise, watcher.closed, failed.promise]);
  if (failure) throw failure;
  return watcher;
}

test('the first run is made, also if nobody asked to hear of it', async () => {
  const project = newProject(TREE);
  const watcher = await start(project);
  expect(project.texts()).toMatchObject({ 'a.txt': 'a' });
  await watcher.close();
});

test('close() stops watching and frees the destination', async () => {
  const project = newProject(TREE);
  const watcher = await start(project);
  expect(fs.readdirSync(project.path('root'))).toContain('.staticfiles-lock');
  await watcher.close();
  await watcher.closed;
  expect(fs.readdirSync(project.path('root'))).not.toContain('.staticfiles-lock');
});

test('an aborted signal closes it too', async () => {
  const stop = new AbortController();
  const watcher = await start(newProject(TREE), { signal: stop.signal });
  stop.abort();
  await watcher.closed;
});

test('a change starts a run, which is reported with the changed files', async () => {
  const project = newProject(TREE);
  const run = deferred<WatchedRun>();
  const watcher = await start(project, { onRun: run.resolve });
  project.write({ 'static/b.txt': 'b' });
  const { report, changes } = await run.promise;
  expect([...changes.keys()]).toEqual(['b.txt']);
  expect(report.plan.map(({ publicPath }) => publicPath)).toContain('b.txt');
  expect(project.texts()).toMatchObject({ 'a.txt': 'a', 'b.txt': 'b' });
  await watcher.close();
});

test('a refusal to overwrite rejects closed', async () => {
  const project = newProject({ ...TREE, 'root/other.txt': 'other' });
  const watcher = start(project, { confirm: async () => false });
  await expect(watcher).rejects.toMatchObject({ code: 'cancelled' });
});
