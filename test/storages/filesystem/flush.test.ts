import path from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { flushFolders, flushTree } from '../../../src/storages/filesystem/flush.js';
import { systemError } from '../../support/failing-calls.js';
import { type Flushes, noteFlushes, replaceSync } from '../../support/flushes.js';
import { newProject, type Project } from '../../support/project.js';

const signal = new AbortController().signal;

/** The paths that were flushed, below a project. */
function flushed(project: Project, { files }: Flushes): string[] {
  return files.map((file) => path.relative(project.dir, file)).sort();
}

function manyFiles(count: number): Record<string, string> {
  return Object.fromEntries(Array.from({ length: count }, (_, index) => [`out/${index}`, '']));
}

describe('flushTree', () => {
  it('flushes a file', async () => {
    const project = newProject({ 'a.txt': 'a' });
    const flushes = noteFlushes();
    await flushTree(project.path('a.txt'), { signal });
    expect(flushed(project, flushes)).toEqual(['a.txt']);
  });

  it('flushes a folder with everything in it but links, each once', async () => {
    const project = newProject({
      'out/a.txt': 'a',
      'out/x/y/b.txt': 'b',
      'out/empty': { folder: true },
      'out/link': { link: 'a.txt' },
      'out/gone': { link: 'nowhere' },
    });
    const flushes = noteFlushes();
    await flushTree(project.path('out'), { signal });
    const all = ['out', 'out/a.txt', 'out/empty', 'out/x', 'out/x/y', 'out/x/y/b.txt'];
    expect(flushed(project, flushes)).toEqual(all);
    expect(flushes.open).toBe(0);
  });

  it('opens files for reading, and on Windows for writing; folders only for reading', async () => {
    const project = newProject({ 'out/a.txt': 'a' });
    const { platform } = process;
    onTestFinished(() => {
      Object.defineProperty(process, 'platform', { value: platform });
      vi.resetModules();
    });
    for (const [system, flags] of [
      ['linux', 'r'],
      ['win32', 'r+'],
    ] as const) {
      Object.defineProperty(process, 'platform', { value: system });
      vi.resetModules();
      const fresh = await import('../../../src/storages/filesystem/flush.js');
      const flushes = noteFlushes();
      await fresh.flushTree(project.path('out'), { signal });
      expect(flushes.opened).toEqual([
        [project.path('out/a.txt'), flags],
        [project.path('out'), 'r'],
      ]);
    }
  });

  it.each(['EACCES', 'EINVAL', 'EISDIR', 'ENOSYS', 'ENOTSUP', 'EPERM'])(
    'passes over a folder where the system cannot flush folders, but not over a file: %s',
    async (code) => {
      const project = newProject({ 'out/x/a.txt': 'a' });
      const flushes = noteFlushes((file) => {
        if (!file.endsWith('.txt')) throw systemError(code);
      });
      await flushTree(project.path('out'), { signal });
      expect(flushed(project, flushes)).toEqual(['out', 'out/x', 'out/x/a.txt']);
      noteFlushes((file) => {
        if (file.endsWith('.txt')) throw systemError(code);
      });
      const flushing = flushTree(project.path('out'), { signal });
      await expect(flushing).rejects.toMatchObject({ code: 'target', cause: { code } });
    },
  );

  it.each([
    ['a file', 'out/a.txt'],
    ['a folder', 'out'],
  ])('names %s that the disk does not take, and closes it', async (_, name) => {
    const project = newProject({ 'out/a.txt': 'a' });
    const flushes = noteFlushes((file) => {
      if (file === project.path(name)) throw systemError('EIO');
    });
    await expect(flushTree(project.path('out'), { signal })).rejects.toMatchObject({
      code: 'target',
      message: `Cannot write '${project.path(name)}' to the disk: an input/output error of the device.`,
      cause: { code: 'EIO' },
    });
    expect(flushes.open).toBe(0);
  });

  it('names a folder that fails without a code', async () => {
    const project = newProject({ out: { folder: true } });
    noteFlushes(() => {
      throw new Error('no disk');
    });
    await expect(flushTree(project.path('out'), { signal })).rejects.toMatchObject({
      code: 'target',
      message: `Cannot write '${project.path('out')}' to the disk: no disk.`,
    });
  });

  it('stops when it is interrupted', async () => {
    const project = newProject({ 'out/a.txt': 'a' });
    const flushes = noteFlushes();
    const reason = new Error('stop');
    await expect(flushTree(project.path('out'), { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    expect(flushes.files).toEqual([]);
  });

  it('flushes many at a time, but not more than 64', async () => {
    replaceSync(undefined);
    const project = newProject(manyFiles(200));
    const flushes = noteFlushes();
    await flushTree(project.path('out'), { signal });
    expect(flushes.files).toHaveLength(201);
    expect(flushes.most).toBe(64);
  });
});

describe.runIf(process.platform === 'linux')('on Linux, flushTree', () => {
  it('flushes the whole file system if there are more than 64 files and folders', async () => {
    const synced = replaceSync(0);
    const project = newProject(manyFiles(63));
    const flushes = noteFlushes();
    await flushTree(project.path('out'), { signal });
    expect(flushes.files).toHaveLength(64);
    expect(synced()).toEqual([]);
    project.write({ 'out/one-more': '' });
    await flushTree(project.path('out'), { signal });
    expect(flushes.files).toHaveLength(64);
    expect(synced()).toEqual([`-f ${project.path('out')}`]);
  });

  it('flushes the whole file system for a single file if it is told to flush everything', async () => {
    const synced = replaceSync(0);
    const project = newProject({ 'a.txt': 'a' });
    const flushes = noteFlushes();
    await flushTree(project.path('a.txt'), { everything: true, signal });
    expect(synced()).toEqual([`-f ${project.path('a.txt')}`]);
    expect(flushes.files).toEqual([]);
  });

  it.each([
    ['fails', 1],
    ['is missing', undefined],
  ])('flushes each file if the program for it %s', async (_, exit) => {
    replaceSync(exit);
    const project = newProject({ 'out/a.txt': 'a' });
    const flushes = noteFlushes();
    await flushTree(project.path('out'), { everything: true, signal });
    expect(flushed(project, flushes)).toEqual(['out', 'out/a.txt']);
  });
});

it('other systems than Linux flush each file, however many', async () => {
  const synced = replaceSync(0);
  const { platform } = process;
  onTestFinished(() => void Object.defineProperty(process, 'platform', { value: platform }));
  Object.defineProperty(process, 'platform', { value: 'darwin' });
  const project = newProject(manyFiles(70));
  const flushes = noteFlushes();
  await flushTree(project.path('out'), { everything: true, signal });
  expect(flushes.files).toHaveLength(71);
  expect(synced()).toEqual([]);
});

describe('flushFolders', () => {
  function foldersOf(project: Project, count: number): string[] {
    return Array.from({ length: count }, (_, index) => {
      project.write({ [`${index}`]: { folder: true } });
      return project.path(`${index}`);
    });
  }

  it('flushes the folders, and nothing in them', async () => {
    const project = newProject({ 'x/a.txt': 'a', 'x/y/b.txt': 'b' });
    const flushes = noteFlushes();
    await flushFolders([project.path('x'), project.path('x/y')], signal);
    expect(flushed(project, flushes)).toEqual(['x', 'x/y']);
  });

  it('passes over folders where the system cannot flush folders', async () => {
    const project = newProject({ x: { folder: true } });
    noteFlushes(() => {
      throw systemError('EINVAL');
    });
    await expect(flushFolders([project.path('x')], signal)).resolves.toBeUndefined();
  });

  it('flushes at most 64 at a time', async () => {
    replaceSync(undefined);
    const project = newProject({});
    const flushes = noteFlushes();
    await flushFolders(foldersOf(project, 100), signal);
    expect(flushes.files).toHaveLength(100);
    expect(flushes.most).toBe(64);
  });

  it.runIf(process.platform === 'linux')('flushes the whole file system for more than 64', async () => {
    const synced = replaceSync(0);
    const project = newProject({});
    const folders = foldersOf(project, 65);
    const flushes = noteFlushes();
    await flushFolders(folders.slice(1), signal);
    expect(flushes.files).toHaveLength(64);
    expect(synced()).toEqual([]);
    await flushFolders(folders, signal);
    expect(flushes.files).toHaveLength(64);
    expect(synced()).toEqual([`-f ${folders[0]}`]);
  });
});
