import fs from 'node:fs';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { readStamp } from '../../../src/files/stamp.js';
import { type CopyJob, copyAll } from '../../../src/storages/filesystem/copy-all.js';
import { failCalls, noteCalls, systemError } from '../../support/failing-calls.js';
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

describe('copyAll', () => {
  it('returns the state in which each source was copied', async () => {
    const project = newProject({ 'a.txt': 'a', 'b.txt': 'bb' });
    const jobs = ['a.txt', 'b.txt'].map((name) => ({
      from: project.path(name),
      to: project.path(`copy of ${name}`),
      expected: readStamp(project.path(name)),
    }));
    const copied = await copyAll(jobs, MODE, targetOf, { signal });
    expect(copied).toEqual(jobs.map(({ expected }) => expected));
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

  it('reads a source once for copies in a row, if it must be in one state', async () => {
    const project = newProject({ 'a.txt': 'a', 'b.txt': 'b', large: 'x'.repeat(1024 * 1024) });
    const names = ['a.txt', 'a.txt', 'b.txt', 'b.txt', 'a.txt', 'large', 'large'];
    const jobs = names.map((name, index) => ({
      from: project.path(name),
      to: project.path(`${index}`),
      expected: readStamp(project.path(name)),
    }));
    const opened = noteCalls('openSync');
    const copied = await copyAll(jobs, MODE, targetOf, { signal });
    const sources = opened.flatMap(([file]) =>
      names.filter((name) => file === project.path(name)).slice(0, 1),
    );
    expect(sources).toEqual(['a.txt', 'b.txt', 'a.txt', 'large', 'large']);
    expect(copied).toEqual(jobs.map(({ expected }) => expected));
    const texts = project.texts('.');
    expect(names.map((_, index) => texts[`${index}`])).toEqual(names.map((name) => texts[name]));
    expect(fs.statSync(jobs[1]!.to).mtimeMs).toBeCloseTo(jobs[1]!.expected.mtimeMs, 2);
  });

  it('names the path of the second copy in a row that cannot be written', async () => {
    const project = newProject({ 'a.txt': 'a' });
    const expected = readStamp(project.path('a.txt'));
    const jobs = jobsOf(project, 2).map((job) => ({ ...job, expected }));
    fs.writeFileSync(jobs[1]!.to, 'in the way');
    await expect(copyAll(jobs, MODE, targetOf, { signal })).rejects.toMatchObject({
      code: 'target',
      message: expect.stringMatching(/^Cannot write '\/published\/1': /),
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
    expect(told).toEqual(Array.from({ length: 64 }, (_, index) => index + 1));
    expect(Object.keys(project.texts('out'))).toHaveLength(64);
  });
});
