import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { collect, type RunOptions } from '../support/command.js';
import { newProject, type Project, SETTINGS } from '../support/project.js';
import { startWatching } from '../support/watching.js';

interface Event {
  readonly kind: 'rename' | 'flush' | 'flush-all';
  /** The flushed file, or the new name after a rename, relative to the destination. */
  readonly at: string;
  /** The old name. */
  readonly from?: string;
}

const FILES = { 'static/css/a.css': 'a {}\n', 'static/css/b.css': 'b {}\n', 'static/robots.txt': 'robots\n' };

function newSite(options: object = {}, files: Record<string, string> = FILES): Project {
  return newProject(files, {
    ...SETTINGS,
    cacheDir: 'cache',
    postProcess: ['fingerprint'],
    storages: { staticfiles: { options } },
  });
}

function logOf(project: Project): RunOptions {
  return { preload: 'flushes.mjs', env: { FLUSHES: project.path('flushes') } };
}

/** Flushes and renames of a run at the destination, in order. */
function eventsOf(project: Project): Event[] {
  const log = project.path('flushes');
  const lines = fs.existsSync(log) ? fs.readFileSync(log, 'utf8').trim().split('\n') : [];
  fs.rmSync(log, { force: true });
  const inRoot = (place: string) => path.relative(project.path('root'), place);
  return lines.flatMap((line): Event[] => {
    const [kind, ...places] = line.split(' ') as [Event['kind'], ...string[]];
    const [at, from] = places.map(inRoot).reverse() as [string, string?];
    if (at.startsWith('..') || at.startsWith('.staticfiles-lock')) return []; // the cache folder, and the lock
    return [{ kind, at, ...(from !== undefined && { from }) }];
  });
}

async function collected(project: Project, argv: readonly string[] = []): Promise<Event[]> {
  expect(await collect(project, argv, logOf(project))).toMatchObject({ exit: 0, stderr: '' });
  return eventsOf(project);
}

const flushes = (events: readonly Event[]) => events.filter(({ kind }) => kind !== 'rename');

/** Whether each file was flushed before it got its name, and each name before the next phase began. */
function expectInOrder(events: readonly Event[]): void {
  const renames = events.filter(({ kind }) => kind === 'rename');
  expect(renames.length).toBeGreaterThan(0);
  for (const { at, from } of renames) {
    const index = events.findIndex((event) => event.kind === 'rename' && event.at === at);
    const before = events.slice(0, index);
    const staging = from!.split('/')[0]!;
    const isFlushed = (event: Event) =>
      event.at === from || (event.kind === 'flush-all' && event.at === staging);
    expect(flushes(before).some(isFlushed), `${at} is flushed before it is renamed`).toBe(true);
    const following = events.slice(index + 1);
    const nextPhase = following.findIndex((event) => event.from && !event.from.startsWith(staging));
    const sameePhase = nextPhase === -1 ? following : following.slice(0, nextPhase);
    const folder = path.dirname(at) === '.' ? '' : path.dirname(at);
    const isNamed = (event: Event) => event.kind === 'flush-all' || event.at === folder;
    expect(flushes(sameePhase).some(isNamed), `the name ${at} is flushed before the next phase`).toBe(true);
  }
}

describe.concurrent('durable', () => {
  test('by default, a first publish does not wait for the disk, and one that replaces a manifest does', async () => {
    const project = newSite();
    expect(flushes(await collected(project))).toEqual([]);
    project.write({ 'static/css/a.css': 'a { color: red }\n' });
    const events = await collected(project);
    expectInOrder(events);
    expect(events.at(-1)).toEqual({ kind: 'flush', at: '' });
    const manifests = events.filter(({ kind, at }) => kind === 'rename' && at.startsWith('staticfiles.'));
    expect(manifests.map(({ at }) => at)).toEqual(['staticfiles.details.json', 'staticfiles.json']);
  });

  test('files that an earlier run did not flush are flushed before a manifest names them', async () => {
    const project = newSite();
    await collected(project);
    project.write({ 'static/css/a.css': 'a { color: red }\n' });
    const [first] = flushes(await collected(project));
    expect(first).toMatchObject({ kind: 'flush-all' });
    project.write({ 'static/css/a.css': 'a { color: green }\n' });
    const later = flushes(await collected(project));
    expect(later.map(({ kind }) => kind)).not.toContain('flush-all');
    expect(later.length).toBeGreaterThan(0);
  });

  test('many files take one flush of the file system for each phase', async () => {
    const many = (text: string) =>
      Object.fromEntries(Array.from({ length: 70 }, (_, i) => [`static/d${i}/f.txt`, `${text} ${i}\n`]));
    const project = newSite({}, many('old'));
    await collected(project);
    project.write(many('new'));
    await collected(project); // flushes all, since the first run flushed nothing
    project.write(many('newer'));
    const events = await collected(project);
    expectInOrder(events);
    expect(events.findIndex(({ kind }) => kind === 'flush-all')).toBe(0);
    expect(flushes(events).length).toBeLessThan(20);
  });

  test('true flushes a first publish too', async () => {
    expectInOrder(await collected(newSite({ durable: true })));
  });

  test('false flushes nothing', async () => {
    const project = newSite({ durable: false });
    await collected(project);
    project.write({ 'static/css/a.css': 'a { color: red }\n' });
    expect(flushes(await collected(project))).toEqual([]);
  });

  test('--watch flushes nothing', async () => {
    const project = newSite();
    await collected(project);
    const watching = startWatching(project, 'collectstatic', ['--noinput', '--watch'], logOf(project));
    await watching.line('Watching for changes');
    project.write({ 'static/css/a.css': 'a { color: red }\n' });
    await watching.line('published in');
    await watching.stop();
    const events = eventsOf(project);
    expect(events.map(({ at }) => at)).toContain('staticfiles.json');
    expect(flushes(events)).toEqual([]);
  });
});

test('a file that a power cut left empty is published again by the next run', async () => {
  const project = newSite();
  await collected(project);
  const before = project.texts();
  for (const name of Object.keys(before)) fs.truncateSync(project.path('root', name));
  fs.truncateSync(project.path('root/.staticfiles-run.json'));
  await collected(project);
  expect(project.texts()).toEqual(before);
});
