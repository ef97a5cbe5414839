import fs from 'node:fs';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { watchFolders } from '../../src/watch/folders.js';
import { pollFolders } from '../../src/watch/poll.js';
import { newProject, type Project } from '../support/project.js';
import type { TreeInput } from '../support/tree.js';

const TREE = { 'static/css/a.css': 'a', 'static/build/x.js': 'x', 'other/b.css': 'b' };

/** Watches `static` and `later` of a project, without `static/build`, and notes the paths of events. */
async function watched(
  watch: typeof watchFolders | typeof pollFolders = watchFolders,
  tree: TreeInput = TREE,
) {
  const project = newProject(tree);
  const events = new Set<string>();
  const onError = vi.fn();
  const stop = await watch([project.path('static'), project.path('later/deep')], {
    baseDir: project.dir,
    exclude: [project.path('static/build')],
    onEvent: (systemPath) => events.add(systemPath),
    onError,
  });
  onTestFinished(stop);
  const reported = (name: string) => vi.waitFor(() => expect(events).toContain(project.path(name)), 10_000);
  return { project, events, reported, stop, onError };
}

/** Changes a file until that is reported: its folder is watched when the event of that is read. */
async function untilReported(project: Project, events: Set<string>, name: string): Promise<void> {
  await vi.waitFor(() => {
    events.clear();
    fs.writeFileSync(project.path(name), `${performance.now()}`);
    return vi.waitFor(() => expect(events).toContain(project.path(name)), 1000);
  }, 10_000);
}

describe.each([
  ['by the events of the system', watchFolders],
  ['by polling', pollFolders],
])('%s', (_, watch) => {
  it('files and folders are reported that are changed, added or deleted', async () => {
    const { project, events, reported, onError } = await watched(watch);
    expect(events.size).toBe(0);
    await untilReported(project, events, 'static/css/a.css');
    project.write({ 'static/new/deep/b.css': 'new' });
    await reported('static/new');
    await untilReported(project, events, 'static/new/deep/b.css');
    fs.rmSync(project.path('static/new'), { recursive: true });
    await reported('static/new');
    expect(onError).not.toHaveBeenCalled();
  });

  it('a folder that appears later is watched, and nothing is reported from elsewhere', async () => {
    const { project, events, reported } = await watched(watch);
    project.write({ 'static/build/x.js': 'changed', 'other/b.css': 'changed', 'later/c.css': 'c' });
    project.write({ 'later/deep/d.css': 'd' });
    await reported('later/deep');
    for (const name of ['static/build/x.js', 'other/b.css', 'later/c.css'])
      expect(events).not.toContain(project.path(name));
    await untilReported(project, events, 'later/deep/d.css');
  });

  it('what a link points to is watched', async () => {
    const tree = {
      'static/a.css': { link: '../target.css' },
      'target.css': 'a',
      'static/l': { link: '../linked' },
    };
    const { project, events } = await watched(watch, { ...tree, 'linked/b.css': 'b' });
    project.write({ 'target.css': 'changed' });
    await untilReported(project, events, 'static/a.css');
    await untilReported(project, events, 'static/l/b.css');
  });

  it('a link that points back to a folder above is not followed', async () => {
    const { project, events } = await watched(watch, { ...TREE, 'static/css/loop': { link: '..' } });
    await untilReported(project, events, 'static/css/a.css');
    expect([...events].filter((systemPath) => systemPath.includes('loop'))).toEqual([]);
  });
});

it('a folder that takes the place of another one is watched', async () => {
  const { project, events, reported } = await watched();
  project.write({ 'other/css/a.css': 'a' });
  fs.renameSync(project.path('static/css'), project.path('other/old'));
  fs.renameSync(project.path('other/css'), project.path('static/css'));
  await reported('static/css');
  await untilReported(project, events, 'static/css/a.css');
});

it('the target of a link is watched after its folder was deleted and made again', async () => {
  const { project, events, reported, onError } = await watched(watchFolders, {
    'static/a.css': { link: '../build/css/a.css' },
    'static/l': { link: '../build/l' },
    'build/css/a.css': 'a',
    'build/l/b.css': 'b',
  });
  for (let round = 0; round < 2; round++) {
    fs.rmSync(project.path('build'), { recursive: true });
    await reported('static/a.css');
    await reported('static/l');
    project.write({ 'build/css/a.css': 'a', 'build/l/b.css': 'b' });
    await untilReported(project, events, 'static/a.css');
    await untilReported(project, events, 'static/l/b.css');
  }
  expect(onError).not.toHaveBeenCalled();
});

/** Calls a function once, right after a folder was listed. */
function afterListing(folder: string, step: () => void): void {
  const list = fs.readdirSync;
  const spy = vi.spyOn(fs, 'readdirSync').mockImplementation(((place: string, options: object) => {
    const entries = list(place, options as { withFileTypes: true });
    if (place === folder) {
      spy.mockRestore();
      step();
    }
    return entries;
  }) as typeof fs.readdirSync);
  onTestFinished(() => spy.mockRestore());
}

it.each([
  ['a new folder', 'static/new'],
  ['a folder that watching starts with', 'static/css'],
])('what is created in %s after it was listed is reported, and watched', async (_, folder) => {
  const project = newProject(TREE);
  const late = () => project.write({ [`${folder}/late.css`]: 'late', [`${folder}/deep/er/b.css`]: 'b' });
  afterListing(project.path(folder), late);
  const events = new Set<string>();
  const stop = watchFolders([project.path('static')], {
    ...{ baseDir: project.dir, exclude: [], onError: (error) => expect.fail(`${error}`) },
    onEvent: (systemPath) => events.add(systemPath),
  });
  onTestFinished(stop);
  project.write({ 'static/new/a.css': 'a' });
  await vi.waitFor(() => {
    for (const name of ['late.css', 'deep']) expect(events).toContain(project.path(`${folder}/${name}`));
  }, 10_000);
  await untilReported(project, events, `${folder}/deep/er/b.css`);
});

it('a folder that is deleted and made again at once is watched', async () => {
  const { project, events, reported } = await watched();
  for (let round = 0; round < 20; round++) {
    fs.rmSync(project.path('static/css'), { recursive: true });
    project.write({ 'static/css/a.css': 'a' });
  }
  await reported('static/css');
  await untilReported(project, events, 'static/css/a.css');
});

describe('events that the system has dropped', () => {
  /** Watches `static`, and returns what the system calls with the events of a folder. */
  async function withListeners() {
    const listeners = new Map<string, fs.WatchListener<string>>();
    const { watch } = fs;
    const spy = vi.spyOn(fs, 'watch').mockImplementation(((
      folder: string,
      listener: fs.WatchListener<string>,
    ) => {
      listeners.set(folder, listener);
      return watch(folder, () => {});
    }) as typeof fs.watch);
    onTestFinished(() => spy.mockRestore());
    const watching = await watched();
    return { ...watching, send: listeners.get(watching.project.path('static'))!, listeners };
  }

  it('are made up for after so many others that its queue may have been full', async () => {
    const { project, send, reported, events, listeners } = await withListeners();
    project.write({ 'static/new/a.css': 'a' });
    for (let count = 0; count < 8_001; count++) send('change', 'a.css');
    expect(events).not.toContain(project.path('static'));
    await reported('static');
    expect([...listeners.keys()]).toContain(project.path('static/new'));
  });

  it('are made up for if it names no file', async () => {
    const { project, send, events, listeners } = await withListeners();
    project.write({ 'static/new/a.css': 'a' });
    send('rename', null);
    expect(events).toContain(project.path('static'));
    expect([...listeners.keys()]).toContain(project.path('static/new'));
  });
});

it('after the end nothing is reported', async () => {
  const { project, events, stop } = await watched();
  stop();
  project.write({ 'static/css/a.css': 'changed' });
  await new Promise((resolve) => setTimeout(resolve, 400));
  expect(events.size).toBe(0);
});
