import fs from 'node:fs';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { createSharedQueue } from '../../../src/concurrency/worker-queue.js';
import { readStamp } from '../../../src/files/stamp.js';
import { createSharedStamps, group, optional, stamp, stampAt, text } from '../../../src/files/table.js';
import {
  type CopyJob,
  type CopyQueue,
  copyAll,
  copyShare,
} from '../../../src/storages/filesystem/copy-queue.js';
import { failCalls, systemError } from '../../support/failing-calls.js';
import { newProject, type Project } from '../../support/project.js';

const MODE = { mode: 0o644, chmod: false };
const signal = new AbortController().signal;

/** Copies of one file, named by their number. */
function jobsOf(project: Project, count: number): CopyJob[] {
  fs.mkdirSync(project.path('out'), { recursive: true });
  return Array.from({ length: count }, (_, index) => ({
    from: project.path('a.txt'),
    to: project.path('out', `${index}`),
    expected: undefined,
  }));
}

const targetOf = (index: number) => `/published/${index}`;

/** Notes the threads that are started until the test is over. */
function noteThreads(): unknown[] {
  const threads: unknown[] = [];
  const note = (thread: unknown) => threads.push(thread);
  process.on('worker', note);
  onTestFinished(() => void process.off('worker', note));
  return threads;
}

describe('copyAll', () => {
  it('returns the state in which each source was copied', async () => {
    const project = newProject({ 'a.txt': 'a', 'b.txt': 'bb' });
    const jobs = ['a.txt', 'b.txt'].map((name) => ({
      from: project.path(name),
      to: project.path(`copy of ${name}`),
      expected: readStamp(project.path(name)),
    }));
    const copied = await copyAll(jobs, MODE, targetOf, { signal });
    expect([stampAt(copied, 0), stampAt(copied, 1)]).toEqual(jobs.map(({ expected }) => expected));
    expect(project.texts('.')).toMatchObject({ 'copy of a.txt': 'a', 'copy of b.txt': 'bb' });
  });

  it('copies nothing if there is nothing', async () => {
    expect(await copyAll([], MODE, targetOf, { signal })).toHaveLength(0);
  });

  it('refuses a source that is not in the expected state', async () => {
    const project = newProject({ 'a.txt': 'a' });
    const [job] = jobsOf(project, 1);
    const expected = { ...readStamp(job!.from), size: 7 };
    const copying = copyAll([{ ...job!, expected }], MODE, targetOf, { signal });
    await expect(copying).rejects.toMatchObject({
      code: 'source',
      message: expect.stringContaining(`'${job!.from}' changed`),
    });
  });

  it('names the published path of a copy that cannot be written, with the cause', async () => {
    const project = newProject({ 'a.txt': 'a' });
    const jobs = jobsOf(project, 3);
    fs.writeFileSync(jobs[1]!.to, 'in the way');
    await expect(copyAll(jobs, MODE, targetOf, { signal })).rejects.toMatchObject({
      code: 'target',
      message: expect.stringMatching(/^Cannot write '\/published\/1': /),
      cause: { code: 'EEXIST' },
    });
  });

  it('copies in the order of the files, and stops at the first that fails', async () => {
    const project = newProject({ 'a.txt': 'a' });
    const jobs = jobsOf(project, 100).map((job, index) =>
      index === 5 || index === 95 ? { ...job, from: project.path(`gone-${index}`) } : job,
    );
    await expect(copyAll(jobs, MODE, targetOf, { signal })).rejects.toMatchObject({
      code: 'source',
      message: `Cannot read '${project.path('gone-5')}': no such file or directory.`,
    });
    expect(Object.keys(project.texts('out'))).toEqual(['0', '1', '2', '3', '4']);
  });

  it('passes on an error that is not of a copy', async () => {
    const project = newProject({ 'a.txt': 'a' });
    const error = systemError('EIO');
    const jobs = jobsOf(project, 1);
    failCalls('closeSync', error);
    await expect(copyAll(jobs, MODE, targetOf, { signal })).rejects.toBe(error);
  });

  it('stops when it is interrupted, and tells how far it is', async () => {
    const project = newProject({ 'a.txt': 'a' });
    const interrupt = new AbortController();
    const reason = new Error('stop');
    let now = 0;
    const clock = vi.spyOn(performance, 'now').mockImplementation(() => (now += 1000));
    onTestFinished(() => clock.mockRestore());
    const told: number[] = [];
    const progress = (files: number) => {
      told.push(files);
      if (files === 64) interrupt.abort(reason);
    };
    const copying = copyAll(jobsOf(project, 70), MODE, targetOf, { signal: interrupt.signal, progress });
    await expect(copying).rejects.toBe(reason);
    expect([...new Set(told)]).toEqual([32, 64]);
    expect(Object.keys(project.texts('out'))).toHaveLength(33);
  });

  it('starts a second thread from 2000 files on, and both copy everything', async () => {
    const project = newProject({ 'a.txt': 'a' });
    const threads = noteThreads();
    const few = jobsOf(project, 1999);
    await copyAll(few, MODE, targetOf, { signal });
    expect(threads).toHaveLength(0);
    fs.rmSync(project.path('out'), { recursive: true });
    const many = jobsOf(project, 2000);
    const copied = await copyAll(many, MODE, targetOf, { signal });
    expect(threads).toHaveLength(1);
    expect(fs.readdirSync(project.path('out'))).toHaveLength(2000);
    expect(stampAt(copied, 0)).toEqual(readStamp(project.path('a.txt')));
    expect(stampAt(copied, 1999)).toEqual(readStamp(project.path('a.txt')));
  });

  it('reports what fails in the second thread', async () => {
    const project = newProject({ 'a.txt': 'a' });
    const jobs = jobsOf(project, 2000);
    jobs[1990] = { ...jobs[1990]!, from: project.path('gone') };
    const { openSync } = fs;
    const sleeping = new Int32Array(new SharedArrayBuffer(4));
    // The second thread begins at the back. This one waits until it has met the missing file.
    const spy = vi.spyOn(fs, 'openSync').mockImplementation(((...args: Parameters<typeof openSync>) => {
      while (!fs.existsSync(jobs[1989]!.to)) Atomics.wait(sleeping, 0, 0, 5);
      return openSync(...args);
    }) as typeof openSync);
    onTestFinished(() => spy.mockRestore());
    await expect(copyAll(jobs, MODE, targetOf, { signal })).rejects.toMatchObject({
      code: 'source',
      message: `Cannot read '${project.path('gone')}': no such file or directory.`,
      cause: { code: 'ENOENT' },
    });
    expect(fs.readdirSync(project.path('out')).length).toBeLessThan(1999);
  });
});

describe('copyShare', () => {
  function queueOf(jobs: readonly CopyJob[]): CopyQueue {
    return {
      ...createSharedQueue(jobs.length),
      mode: MODE,
      jobs: group({ from: text, to: text, expected: optional(stamp) }).pack(jobs),
      copied: createSharedStamps(jobs.length),
    };
  }

  it('yields after each file', () => {
    const project = newProject({ 'a.txt': 'a' });
    const share = copyShare(queueOf(jobsOf(project, 3)), 'front');
    const counts = [...share].map((_, index) => index);
    expect(counts).toEqual([0, 1, 2]);
  });

  it('has the other thread stop if a file fails', () => {
    const project = newProject({ 'a.txt': 'a' });
    const jobs = jobsOf(project, 100);
    jobs[0] = { ...jobs[0]!, from: project.path('gone') };
    const queue = queueOf(jobs);
    expect(copyShare(queue, 'front').next()).toMatchObject({
      done: true,
      value: { index: 0, side: 'source', cause: { code: 'ENOENT' } },
    });
    expect(copyShare(queue, 'back').next()).toEqual({ done: true, value: undefined });
    expect(project.texts('out')).toEqual({});
  });
});
