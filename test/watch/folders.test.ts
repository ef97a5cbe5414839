import fs from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { watchFolders } from '../../src/watch/folders.js';
import { newProject, type Project } from '../support/project.js';

const TREE = { 'static/css/a.css': 'a', 'static/build/x.js': 'x', 'other/b.css': 'b' };

/** Watches `static` and `later` of a project, without `static/build`, and notes the paths of events. */
async function watched(poll = false) {
  const project = newProject(TREE);
  const events = new Set<string>();
  const onError = vi.fn();
  const stop = await watchFolders([project.path('static'), project.path('later/deep')], {
    baseDir: project.dir,
    exclude: [project.path('static/build')],
    poll,
    onEvent: (systemPath) => events.add(systemPath),
    onError,
  });
  onTestFinished(stop);
  const reported = (name: string) => vi.waitFor(() => expect(events).toContain(project.path(name)), 10_000);
  return { project, events, reported, stop, onError };
}

/** Changes a file until that is reported: a new folder is not watched at once, and polling may miss a change. */
async function untilReported(project: Project, events: Set<string>, name: string): Promise<void> {
  await vi.waitFor(() => {
    events.clear();
    fs.writeFileSync(project.path(name), `${performance.now()}`);
    return vi.waitFor(() => expect(events).toContain(project.path(name)), 1000);
  }, 10_000);
}

describe.each([
  ['by the events of the system', false],
  ['by polling', true],
])('%s', (_, poll) => {
  it('files and folders are reported that are changed, added or deleted', async () => {
    const { project, events, reported, onError } = await watched(poll);
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
    const { project, events, reported } = await watched(poll);
    project.write({ 'static/build/x.js': 'changed', 'other/b.css': 'changed', 'later/c.css': 'c' });
    project.write({ 'later/deep/d.css': 'd' });
    await reported('later/deep');
    for (const name of ['static/build/x.js', 'other/b.css', 'later/c.css'])
      expect(events).not.toContain(project.path(name));
    await untilReported(project, events, 'later/deep/d.css');
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

it('the target of a link in a folder is watched', async () => {
  const project = newProject({ 'static/a.css': { link: '../target.css' }, 'target.css': 'a' });
  const events = new Set<string>();
  const stop = await watchFolders([project.path('static')], {
    ...{ baseDir: project.dir, exclude: [], poll: false, onError: vi.fn() },
    onEvent: (systemPath) => events.add(systemPath),
  });
  onTestFinished(stop);
  fs.writeFileSync(project.path('target.css'), 'changed');
  await vi.waitFor(() => expect(events.size).toBeGreaterThan(0), 10_000);
});

it('everything is reported again until nothing has changed in a new folder for a while: it may not be watched yet', async () => {
  const { project, events, reported } = await watched();
  project.write({ 'static/new/a.css': 'a' });
  await reported('static');
  for (const name of ['b', 'c', 'd']) {
    await pause(200);
    project.write({ [`static/new/${name}.css`]: name });
    events.clear();
    await reported('static');
  }
});

it('after the end nothing is reported', async () => {
  const { project, events, stop } = await watched();
  await stop();
  project.write({ 'static/css/a.css': 'changed' });
  await new Promise((resolve) => setTimeout(resolve, 400));
  expect(events.size).toBe(0);
});
