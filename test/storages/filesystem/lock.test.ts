import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { lockFolder } from '../../../src/storages/filesystem/lock.js';
import { ownTag } from '../../../src/storages/filesystem/process-tag.js';
import { newProject, type Project } from '../../support/project.js';

const signal = new AbortController().signal;
/** For tests that do not release a lock. */
const SHORT = { beat: 1000, silence: 150, wait: 300 };

const ELSEWHERE = 'aaaaaaaaaaaa.4711.1';

/** The tag of a process that has ended. */
function deadTag(): string {
  const [machine] = ownTag().split('.');
  return `${machine}.${spawnSync(process.execPath, ['-e', '']).pid}.1`;
}

/** Leaves a lock like a killed process. */
function leaveLock(project: Project, tag: string): string {
  const holder = { id: 'b7c1', tag, pid: 4711, host: 'web1', since: '2026-01-02T03:04:05.678Z' };
  project.write({ 'out/.staticfiles-lock/b7c1.json': JSON.stringify(holder) });
  return project.path('out/.staticfiles-lock/b7c1.json');
}

function lockFiles(project: Project): string[] {
  return fs.readdirSync(project.path('out')).filter((name) => name.startsWith('.staticfiles-lock'));
}

/** Updates the time of a file again and again, until the test is over or the returned function is called. */
function beat(file: string): () => void {
  const timer = setInterval(() => {
    if (fs.existsSync(file)) fs.utimesSync(file, new Date(), new Date());
  }, 20);
  const stop = () => clearInterval(timer);
  onTestFinished(stop);
  return stop;
}

describe('lockFolder', () => {
  it('lets one run in at a time, even by different paths', async () => {
    const project = newProject({ 'real/x': '', current: { link: 'real' } });
    const lock = await lockFolder(project.path('real/out'), signal);
    await expect(lockFolder(project.path('current/out'), signal, SHORT)).rejects.toMatchObject({
      code: 'locked',
    });
    await lock.release();
    await (await lockFolder(project.path('current/out'), signal)).release();
  });

  it('lets many runs in one after the other', async () => {
    const project = newProject({});
    leaveLock(project, deadTag());
    let inside = 0;
    const runs = Array.from({ length: 12 }, async () => {
      const lock = await lockFolder(project.path('out'), new AbortController().signal);
      inside += 1;
      await new Promise(setImmediate);
      expect(inside).toBe(1);
      inside -= 1;
      await lock.release();
    });
    await Promise.all(runs);
  });

  it('names its holder, and the file to delete if no run is active', async () => {
    const project = newProject({});
    const file = leaveLock(project, ownTag());
    const where = project.path('out');
    await expect(lockFolder(where, signal, SHORT)).rejects.toMatchObject({
      code: 'locked',
      message:
        `Another run is publishing to '${where}' (process 4711 on web1, since 2026-01-02T03:04:05.678Z). ` +
        `Nothing was published. Run again when it has finished. If no run is active, delete '${file}'.`,
    });
    fs.rmSync(file);
    await (await lockFolder(where, signal, SHORT)).release();
    expect(lockFiles(project)).toEqual([]);
  });

  it('stops waiting when it is interrupted', async () => {
    const project = newProject({});
    const lock = await lockFolder(project.path('out'), signal);
    const reason = new Error('stop');
    const interrupt = new AbortController();
    const second = lockFolder(project.path('out'), interrupt.signal);
    setImmediate(() => interrupt.abort(reason));
    await expect(second).rejects.toBe(reason);
    await lock.release();
  });

  it('never takes the lock of a process of this machine that is alive, however silent', async () => {
    const project = newProject({});
    leaveLock(project, ownTag());
    const second = lockFolder(project.path('out'), signal, { ...SHORT, silence: 0 });
    await expect(second).rejects.toMatchObject({ code: 'locked' });
  });

  it.each([
    ['a process that has died', deadTag()],
    ['a process whose id another one has now', ownTag().replace(/\d+$/, '1')],
  ])('takes the lock of %s', async (_, tag) => {
    const project = newProject({});
    leaveLock(project, tag);
    const taken = await lockFolder(project.path('out'), signal, { ...SHORT, silence: 1e9 });
    expect(taken.robbed).toEqual([tag]);
    await taken.release();
  });

  it('leaves the lock to a process elsewhere while its heartbeat goes on, and takes it when that stops', async () => {
    const project = newProject({});
    const stop = beat(leaveLock(project, ELSEWHERE));
    await expect(lockFolder(project.path('out'), signal, SHORT)).rejects.toMatchObject({ code: 'locked' });
    stop();
    const taken = await lockFolder(project.path('out'), signal, SHORT);
    expect(taken.robbed).toEqual([ELSEWHERE]);
    await taken.release();
  });

  it('takes a silent lock that is dated in the future', async () => {
    const project = newProject({});
    const file = leaveLock(project, ELSEWHERE);
    const future = new Date(Date.now() + 3_600_000);
    for (const each of [file, path.dirname(file)]) fs.utimesSync(each, future, future);
    await (await lockFolder(project.path('out'), signal, SHORT)).release();
  });

  it.each(['', '{"pid":', 'null', '{}'])('takes a silent lock whose file is damaged: %j', async (text) => {
    const project = newProject({ 'out/.staticfiles-lock/b7c1.json': text });
    await (await lockFolder(project.path('out'), signal, SHORT)).release();
    expect(lockFiles(project)).toEqual([]);
  });

  it('takes a lock that was only half freed', async () => {
    const project = newProject({ 'out/.staticfiles-lock': { folder: true } });
    await (await lockFolder(project.path('out'), signal, SHORT)).release();
  });

  it('shows signs of life while the process is busy', async () => {
    const project = newProject({});
    const lock = await lockFolder(project.path('out'), signal, { ...SHORT, beat: 5 });
    const folder = project.path('out/.staticfiles-lock');
    const file = path.join(folder, fs.readdirSync(folder)[0]!);
    const before = fs.statSync(file).mtimeMs;
    const sleeping = new Int32Array(new SharedArrayBuffer(4));
    while (fs.statSync(file).mtimeMs === before) Atomics.wait(sleeping, 0, 0, 10); // the event loop is blocked
    await lock.release();
  });

  it('reports that it was lost if its file is deleted', async () => {
    const project = newProject({});
    const lock = await lockFolder(project.path('out'), signal, { ...SHORT, beat: 5 });
    project.write({ 'out/x': 'x' });
    fs.rmSync(project.path('out/.staticfiles-lock'), { recursive: true });
    const message = expect.stringContaining(`This run no longer has the lock of '${project.path('out')}'`);
    await new Promise((resolve) => lock.lost.addEventListener('abort', resolve));
    expect(lock.lost.reason).toMatchObject({ code: 'locked', message });
    expect(() => lock.assertHeld()).toThrow(lock.lost.reason);
    await lock.release();
  });

  it('is recognized as lost even before its next heartbeat', async () => {
    const project = newProject({});
    const lock = await lockFolder(project.path('out'), signal, { ...SHORT, beat: 1e6 });
    project.write({ 'out/x': 'x' });
    fs.rmSync(project.path('out/.staticfiles-lock'), { recursive: true });
    expect(() => lock.assertHeld()).toThrow(expect.objectContaining({ code: 'locked' }));
    expect(lock.lost.aborted).toBe(true);
    await lock.release();
  });

  it('is taken again if the whole destination is deleted', async () => {
    const project = newProject({});
    const lock = await lockFolder(project.path('out'), signal, { ...SHORT, beat: 5 });
    fs.rmSync(project.path('out'), { recursive: true });
    lock.assertHeld();
    await expect(lockFolder(project.path('out'), signal, SHORT)).rejects.toMatchObject({ code: 'locked' });
    fs.rmSync(project.path('out'), { recursive: true });
    while (!fs.existsSync(project.path('out'))) await new Promise(setImmediate); // the heartbeat notices it
    expect(lock.lost.aborted).toBe(false);
    await lock.release();
    expect(fs.existsSync(project.path('out'))).toBe(false);
  });

  it('does not wait for a run that goes on until it is stopped', async () => {
    const project = newProject({});
    const lock = await lockFolder(project.path('out'), signal, { watching: true });
    const second = lockFolder(project.path('out'), signal, { wait: 1e9 });
    await expect(second).rejects.toMatchObject({
      code: 'locked',
      message: expect.stringContaining('is watching'),
    });
    await lock.release();
  });

  it('leaves no new folder behind unless something was published', async () => {
    const project = newProject({});
    await (await lockFolder(project.path('a/b/c'), signal)).release();
    expect(fs.existsSync(project.path('a'))).toBe(false);
    const lock = await lockFolder(project.path('a/b/c'), signal);
    project.write({ 'a/b/x': 'x' });
    await lock.release();
    expect(project.texts('a')).toEqual({ 'b/x': 'x' });
    expect(project.emptyFolders('a')).toEqual([]);
  });

  it.each([
    ['a file', 'out', { out: 'x' }],
    ['a path through a file', 'out/deep', { out: 'x' }],
  ])('says that %s is not a folder', async (_, location, tree) => {
    const project = newProject(tree);
    await expect(lockFolder(project.path(location), signal)).rejects.toMatchObject({
      code: 'target',
      message: `'${project.path(location)}' is not a folder. Choose another staticRoot, or move the file away.`,
    });
  });

  it('names a file that is in the way of the lock', async () => {
    const project = newProject({ 'out/.staticfiles-lock': 'x' });
    await expect(lockFolder(project.path('out'), signal)).rejects.toMatchObject({
      code: 'target',
      message: expect.stringContaining(`'${project.path('out/.staticfiles-lock')}'`),
    });
  });
});

it('a lock does not count as silent for the time in which this process was frozen', async () => {
  const project = newProject({});
  const file = leaveLock(project, ELSEWHERE);
  const waiting = lockFolder(project.path('out'), signal, { beat: 1000, silence: 1500, wait: 300 });
  await new Promise((resolve) => setTimeout(resolve, 100)); // by now it has looked
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2000);
  await expect(waiting).rejects.toMatchObject({ code: 'locked', message: expect.stringContaining(file) });
});
