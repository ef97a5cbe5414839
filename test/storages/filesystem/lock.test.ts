import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { lockFolder } from '../../../src/storages/filesystem/lock.js';
import { ownTag } from '../../../src/storages/filesystem/process-tag.js';
import { failCalls, systemError } from '../../support/failing-calls.js';
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

  it('shows that a run is alive, at once or a beat later', async () => {
    const project = newProject({});
    for (const responsive of [false, true]) {
      const lock = await lockFolder(project.path('out'), signal, { responsive, beat: 20 });
      const [name] = fs.readdirSync(project.path('out/.staticfiles-lock'));
      const file = project.path('out/.staticfiles-lock', name!);
      fs.utimesSync(file, 1, 1);
      await expect.poll(() => fs.statSync(file).mtimeMs, { timeout: 20_000 }).toBeGreaterThan(1e6);
      await lock.release();
    }
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

describe('lockFolder, if something fails', () => {
  /** Fails for the first calls only. */
  function firstCalls(count: number): () => boolean {
    let calls = 0;
    return () => ++calls <= count;
  }

  it.each([
    ['EIO', 'an input/output error of the device', ''],
    ['EACCES', 'permission denied', ' Give this user write permission there, or choose another staticRoot.'],
    [
      'EPERM',
      'operation not permitted',
      ' Give this user write permission there, or choose another staticRoot.',
    ],
    ['EROFS', 'the file system is read-only', ' Choose another staticRoot.'],
  ])('says why the folder cannot be written, and what to do: %s', async (code, what, advice) => {
    const project = newProject({});
    failCalls('mkdirSync', systemError(code));
    await expect(lockFolder(project.path('out'), signal)).rejects.toMatchObject({
      code: 'target',
      message: `Cannot write to '${project.path('out')}': ${what}. Nothing was published.${advice}`,
      cause: { code },
    });
  });

  it('names a lock that cannot be read', async () => {
    const project = newProject({});
    const file = leaveLock(project, ELSEWHERE);
    failCalls('openSync', Object.assign(systemError('EACCES'), { path: file }));
    await expect(lockFolder(project.path('out'), signal)).rejects.toMatchObject({
      code: 'target',
      message: `Cannot take the lock '${file}': permission denied. Nothing was published. If no run is active, delete it.`,
      cause: { code: 'EACCES' },
    });
  });

  it('removes the folders that it made', async () => {
    const project = newProject({ 'a/x': 'x' });
    failCalls('renameSync', systemError('EROFS'));
    await expect(lockFolder(project.path('a/b/c'), signal)).rejects.toMatchObject({ code: 'target' });
    expect(fs.readdirSync(project.path('a'))).toEqual(['x']);
  });

  it('passes on an error that is not of the system', async () => {
    const project = newProject({});
    const error = new TypeError('a mistake');
    failCalls('mkdirSync', error);
    await expect(lockFolder(project.path('out'), signal)).rejects.toBe(error);
  });

  it('makes no folder if it is interrupted before', async () => {
    const project = newProject({});
    const reason = new Error('stop');
    await expect(lockFolder(project.path('out'), AbortSignal.abort(reason))).rejects.toBe(reason);
    expect(fs.existsSync(project.path('out'))).toBe(false);
  });

  it('prefers the reason of an interruption to what fails with it', async () => {
    const project = newProject({});
    const interrupt = new AbortController();
    const reason = new Error('stop');
    failCalls('mkdirSync', systemError('EIO'), () => {
      interrupt.abort(reason);
      return true;
    });
    await expect(lockFolder(project.path('out'), interrupt.signal)).rejects.toBe(reason);
  });

  it('tries again if the destination is deleted at that moment', async () => {
    const project = newProject({});
    const isFirst = firstCalls(2);
    failCalls(
      'mkdirSync',
      systemError('ENOENT'),
      (dir) => String(dir).includes('.staticfiles-lock-') && isFirst(),
    );
    const lock = await lockFolder(project.path('out'), signal);
    expect(lockFiles(project)).toEqual(['.staticfiles-lock']);
    await lock.release();
    expect(fs.existsSync(project.path('out'))).toBe(false); // made at the first try
  });

  it('gives up if the destination is deleted again and again', async () => {
    const project = newProject({});
    failCalls('mkdirSync', systemError('ENOENT'), (dir) => String(dir).includes('.staticfiles-lock-'));
    await expect(lockFolder(project.path('out'), signal, SHORT)).rejects.toMatchObject({
      code: 'locked',
      message:
        `Another run is publishing to '${project.path('out')}' (process unknown). ` +
        'Nothing was published. Run again when it has finished.',
    });
  });

  it('names no process for a damaged lock, but its file', async () => {
    const project = newProject({ 'out/.staticfiles-lock/b7c1.json': '{' });
    const file = project.path('out/.staticfiles-lock/b7c1.json');
    await expect(lockFolder(project.path('out'), signal, { ...SHORT, silence: 1e9 })).rejects.toMatchObject({
      code: 'locked',
      message: expect.stringMatching(`\\(process unknown\\)\\..* If no run is active, delete '${file}'\\.$`),
    });
  });

  it('waits for a watching run elsewhere, and takes the lock when that is silent', async () => {
    const project = newProject({});
    const file = leaveLock(project, ELSEWHERE);
    const holder = JSON.parse(fs.readFileSync(file, 'utf8'));
    fs.writeFileSync(file, JSON.stringify({ ...holder, watching: true }));
    const lock = await lockFolder(project.path('out'), signal, { ...SHORT, wait: 10_000 });
    expect(lock.robbed).toEqual([ELSEWHERE]);
    await lock.release();
  });

  it('tells what a watching run does, and to stop it', async () => {
    const project = newProject({});
    const lock = await lockFolder(project.path('out'), signal, { watching: true });
    await expect(lockFolder(project.path('out'), signal)).rejects.toMatchObject({
      message: expect.stringMatching(
        /^Another run is watching files and publishing them to .* Nothing was published\. Stop it first\. If no run/,
      ),
    });
    await lock.release();
  });
});

describe('a lock that is released', () => {
  it('is no error if the whole destination is gone', async () => {
    const project = newProject({});
    const lock = await lockFolder(project.path('a/b'), signal);
    fs.rmSync(project.path('a'), { recursive: true });
    await lock.release();
    expect(fs.existsSync(project.path('a'))).toBe(false);
  });

  it('is no error if it cannot be deleted', async () => {
    const project = newProject({});
    const lock = await lockFolder(project.path('out'), signal);
    failCalls('rmSync', systemError('EACCES'));
    await expect(lock.release()).resolves.toBeUndefined();
  });

  it.each(['rmSync', 'rmdirSync'] as const)(
    'passes on an error that is not of the system: %s',
    async (name) => {
      const project = newProject({});
      const lock = await lockFolder(project.path('out'), signal);
      const error = new TypeError('a mistake');
      // The folder of the lock is removed without a look at the reason if that fails.
      failCalls(name, error, (place) => name === 'rmSync' || place === project.path('out'));
      await expect(lock.release()).rejects.toBe(error);
    },
  );

  it('leaves a destination that was there before, even if it is empty', async () => {
    const project = newProject({ out: { folder: true } });
    await (await lockFolder(project.path('out'), signal)).release();
    expect(fs.readdirSync(project.path('out'))).toEqual([]);
  });
});

describe('a lock that is checked', () => {
  it('is lost if the destination cannot be made again', async () => {
    const project = newProject({});
    const lock = await lockFolder(project.path('out'), signal, { beat: 1e6 });
    fs.rmSync(project.path('out'), { recursive: true });
    failCalls('mkdirSync', systemError('EROFS'));
    expect(() => lock.assertHeld()).toThrow(expect.objectContaining({ code: 'locked' }));
    await lock.release();
  });

  it('passes on an error that is not of the system', async () => {
    const project = newProject({});
    const lock = await lockFolder(project.path('out'), signal, { beat: 1e6 });
    fs.rmSync(project.path('out'), { recursive: true });
    const error = new TypeError('a mistake');
    failCalls('mkdirSync', error);
    expect(() => lock.assertHeld()).toThrow(error);
    expect(lock.lost.aborted).toBe(false);
    await lock.release();
  });

  it('has another id than any other', async () => {
    const project = newProject({});
    const locks = await Promise.all(['a', 'b'].map((name) => lockFolder(project.path(name), signal)));
    expect(locks[0]!.id).not.toBe(locks[1]!.id);
    expect(fs.readdirSync(project.path('a/.staticfiles-lock'))).toEqual([`${locks[0]!.id}.json`]);
    for (const lock of locks) {
      expect(() => lock.assertHeld()).not.toThrow();
      expect(lock.robbed).toEqual([]);
      await lock.release();
    }
  });
});
