import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { Body } from '../../../src/model/output.js';
import { filesystemStorage } from '../../../src/storages/filesystem/filesystem.js';
import { ownTag } from '../../../src/storages/filesystem/process-tag.js';
import type { WriteRequest } from '../../../src/storages/storage.js';
import { failCalls, systemError } from '../../support/failing-calls.js';
import { ignoreCase } from '../../support/ignoring-case.js';
import { newProject, type Project } from '../../support/project.js';

const signal = new AbortController().signal;

function storage(project: Project, options = {}) {
  const context = {
    baseDir: project.dir,
    staticRoot: project.path('root'),
    staticUrl: '/static/',
    cacheDir: project.path('cache'),
  };
  return filesystemStorage(options, context);
}

function request(publicPath: string, body: Body, link = false): WriteRequest {
  return { publicPath, body, link, output: { logicalPath: publicPath, publicPath, body } };
}

function copyOf(project: Project, publicPath: string, source: string): WriteRequest {
  return request(publicPath, { kind: 'file', file: project.path(source) });
}

describe('filesystem storage: write', () => {
  it('reports each file with the state of its source, or with its time if it has none', async () => {
    const project = newProject({ 'a.txt': 'a' });
    const done: unknown[] = [];
    const files: WriteRequest[] = [
      copyOf(project, 'x/a.txt', 'a.txt'),
      request('x/b.txt', { kind: 'bytes', bytes: Buffer.from('b') }),
      request('l.txt', { kind: 'file', file: project.path('a.txt') }, true),
    ];
    await storage(project).write(files, { done: (written) => done.push(written), signal });
    const { size, mtimeMs, ctimeMs, ino } = fs.statSync(project.path('a.txt'));
    const made = fs.statSync(project.path('root/x/b.txt'));
    expect(done).toHaveLength(3);
    expect(new Set(done)).toEqual(
      new Set([
        { publicPath: 'x/a.txt', source: { size, mtimeMs, ctimeMs, ino } },
        { publicPath: 'x/b.txt', mtimeMs: made.mtimeMs },
        { publicPath: 'l.txt' },
      ]),
    );
    expect(project.tree()).toEqual({
      'l.txt': { text: 'a', link: '{TMP}/a.txt' },
      'x/a.txt': { text: 'a', mode: '644' },
      'x/b.txt': { text: 'b', mode: '644' },
    });
  });

  it('keeps the source’s time', async () => {
    const project = newProject({ 'a.txt': { text: 'a', mtime: 1234567890.125 } });
    await storage(project).write([copyOf(project, 'a.txt', 'a.txt')], { done: () => {}, signal });
    expect(fs.statSync(project.path('root/a.txt')).mtimeMs).toBeCloseTo(1234567890125, 2);
  });

  it('publishes no file of a phase if one fails', async () => {
    const project = newProject({ 'a.txt': 'a', 'root/old.txt': 'old' });
    const files = [copyOf(project, 'x/a.txt', 'a.txt'), copyOf(project, 'gone.txt', 'gone.txt')];
    const writing = storage(project).write(files, { done: () => {}, signal });
    const message = `Cannot read '${project.path('gone.txt')}': no such file or directory.`;
    await expect(writing).rejects.toMatchObject({ code: 'source', message });
    expect(project.texts()).toEqual({ 'old.txt': 'old' });
    expect(project.emptyFolders()).toEqual([]);
  });

  it('refuses a source that is not in the state a processor saw', async () => {
    const project = newProject({ 'a.txt': 'a' });
    const { size, mtimeMs, ctimeMs, ino } = fs.statSync(project.path('a.txt'));
    const stamp = { size, mtimeMs: mtimeMs - 1, ctimeMs, ino };
    const body = { kind: 'file' as const, file: project.path('a.txt'), stamp };
    const writing = storage(project).write([request('a.txt', body)], {
      done: () => {},
      signal,
    });
    await expect(writing).rejects.toMatchObject({
      code: 'source',
      message: expect.stringContaining('changed'),
    });
    expect(project.texts()).toEqual({});
  });

  it('copies a file that needs many reads', async () => {
    const text = 'x'.repeat(3 * 1024 * 1024);
    const project = newProject({ 'big.bin': text, 'even.bin': text.slice(0, 1024 * 1024), empty: '' });
    const files = ['big.bin', 'even.bin', 'empty'].map((name) => copyOf(project, name, name));
    await storage(project).write(files, { done: () => {}, signal });
    expect(project.texts()).toEqual({ 'big.bin': text, 'even.bin': text.slice(0, 1024 * 1024), empty: '' });
  });

  it('replaces files, folders and links by outputs', async () => {
    const project = newProject({
      'a.txt': 'a',
      'root/file': 'x',
      'root/folder/deep/y': 'y',
      'elsewhere/kept.txt': 'kept',
      'root/linked': { link: '../elsewhere' },
    });
    const paths = ['file/a.txt', 'folder', 'linked/a.txt'];
    const files = paths.map((publicPath) => copyOf(project, publicPath, 'a.txt'));
    await storage(project).write(files, { done: () => {}, signal });
    expect(project.texts()).toEqual({ 'file/a.txt': 'a', folder: 'a', 'linked/a.txt': 'a' });
    expect(project.texts('elsewhere')).toEqual({ 'kept.txt': 'kept' });
  });

  it.each([
    [{}, '644'],
    [{ filePermissions: '640' }, '640'],
    [{ filePermissions: 0o666 }, '666'],
    [{ filePermissions: '0o600' }, '600'],
    [{ filePermissions: 0o640 }, '640'],
  ])('gives files the mode of %j', async (options, mode) => {
    const project = newProject({ 'a.txt': { text: 'a', mode: 0o755 } });
    await storage(project, options).write([copyOf(project, 'a.txt', 'a.txt')], { done: () => {}, signal });
    expect(project.tree()['a.txt']?.mode).toBe(mode);
  });

  it('gives new folders the mode of directoryPermissions', async () => {
    const project = newProject({ 'a.txt': 'a' });
    const options = { directoryPermissions: '750' };
    await storage(project, options).write([copyOf(project, 'x/y/a.txt', 'a.txt')], {
      done: () => {},
      signal,
    });
    expect(fs.statSync(project.path('root/x')).mode & 0o777).toBe(0o750);
    expect(fs.statSync(project.path('root/x/y')).mode & 0o777).toBe(0o750);
  });

  it.each([644, '999', 'rw', -1, 1.5])('refuses the mode %j', (filePermissions) => {
    const project = newProject({});
    expect(() => storage(project, { filePermissions })).toThrow(
      /filePermissions: expected octal text such as "644"/,
    );
  });
});

describe('filesystem storage: remove', () => {
  it('removes links but not what they point to, and the folders left empty', async () => {
    const project = newProject({
      'root/a/b/c.txt': 'c',
      'root/a/kept.txt': 'kept',
      'elsewhere/x.txt': 'x',
      'root/links/dir': { link: '../../elsewhere' },
    });
    await storage(project).remove(['a/b/c.txt', 'links/dir', 'missing', 'links/dir/x.txt'], {
      done: () => {},
      signal,
    });
    expect(project.texts()).toEqual({ 'a/kept.txt': 'kept' });
    expect(project.emptyFolders()).toEqual([]);
    expect(project.texts('elsewhere')).toEqual({ 'x.txt': 'x' });
  });

  it('reaches nothing through a link', async () => {
    const project = newProject({ 'elsewhere/x.txt': 'x', 'root/dir': { link: '../elsewhere' } });
    await storage(project).remove(['dir/x.txt'], { done: () => {}, signal });
    expect(project.texts('elsewhere')).toEqual({ 'x.txt': 'x' });
  });
});

describe('filesystem storage: inventory', () => {
  it('describes files, folders and links without following them', async () => {
    const project = newProject({
      'root/a.txt': 'abc',
      'root/empty': { folder: true },
      'root/dir': { link: '../elsewhere' },
      'elsewhere/x.txt': 'x',
    });
    const inventory = await storage(project).inventory(signal);
    expect(inventory.get('a.txt')).toMatchObject({ kind: 'file', size: 3, mode: 0o644 });
    expect(inventory.get('dir')).toMatchObject({ kind: 'link', linkTarget: '../elsewhere' });
    expect(inventory.get('dir/x.txt')).toBeUndefined();
    expect(inventory.get('nothing/here')).toBeUndefined();
    const entries = [...inventory.entries()].map(([publicPath, { kind }]) => [publicPath, kind]);
    expect(entries).toEqual([
      ['a.txt', 'file'],
      ['dir', 'link'],
      ['empty', 'directory'],
    ]);
  });

  it('is empty if nothing was published yet', async () => {
    const inventory = await storage(newProject({})).inventory(signal);
    expect([...inventory.entries()]).toEqual([]);
    expect(inventory.get('a')).toBeUndefined();
  });
});

describe('filesystem storage: readText', () => {
  it('returns the text, or undefined if there is no file', async () => {
    const project = newProject({ 'root/a.json': '{"\u00e9":1}' });
    expect(await storage(project).readText('a.json')).toBe('{"\u00e9":1}');
    expect(await storage(project).readText('b.json')).toBeUndefined();
    expect(await storage(project).readText('gone/b.json')).toBeUndefined();
  });

  it('fails for anything else than a missing file', async () => {
    const project = newProject({ 'root/folder/x': 'x', 'root/file': 'f', 'root/pipe': { fifo: true } });
    await expect(storage(project).readText('folder')).rejects.toMatchObject({ code: 'EISDIR' });
    await expect(storage(project).readText('file/x')).rejects.toMatchObject({ code: 'ENOTDIR' });
    await expect(storage(project).readText('pipe')).rejects.toThrow('it is a FIFO, not a file');
  });
});

describe('filesystem storage: options', () => {
  it('publishes to location, below the folder of the settings, or else to staticRoot', async () => {
    const project = newProject({});
    expect(storage(project).folder).toBe(project.path('root'));
    expect(storage(project, { location: 'other/place' }).folder).toBe(project.path('other/place'));
    expect(storage(project, { location: project.path('absolute') }).folder).toBe(project.path('absolute'));
    expect(storage(project)).toMatchObject({ name: 'filesystem', canLink: true });
  });

  it.each(['filePermissions', 'directoryPermissions'])('names the option that is no mode: %s', (option) => {
    expect(() => storage(newProject({}), { [option]: 'rw' })).toThrow(
      expect.objectContaining({
        code: 'settings',
        message: expect.stringContaining(`${option}: expected octal text`),
      }),
    );
  });

  it.each([
    [{}, 0o644],
    [{ filePermissions: '600' }, 0o600],
    [{ filePermissions: null }, undefined],
  ])('has the mode of files in the inventory: %j', async (options, mode) => {
    const inventory = await storage(newProject({}), options).inventory(signal);
    expect(inventory.fileMode).toBe(mode);
  });
});

describe('filesystem storage: the last run', () => {
  it('is none before the first run, and then the one that has the lock', async () => {
    const project = newProject({ 'a.txt': 'a' });
    const filesystem = storage(project);
    expect(await filesystem.lastRun?.()).toBeUndefined();
    expect((await filesystem.inventory(signal)).hasRun).toBe(false);
    const lock = await filesystem.lock!(signal);
    const [name] = fs.readdirSync(project.path('root/.staticfiles-lock'));
    await filesystem.write([copyOf(project, 'a.txt', 'a.txt')], { done: () => {}, signal });
    expect(`${await filesystem.lastRun?.()}.json`).toBe(name);
    expect((await filesystem.inventory(signal)).hasRun).toBe(true);
    await lock.release();
    await filesystem.write([copyOf(project, 'b.txt', 'a.txt')], { done: () => {}, signal });
    expect(`${await filesystem.lastRun?.()}.json`).not.toBe(name);
  });

  it('is noted at the end if it published without a note, but not by a run that published nothing', async () => {
    const project = newProject({ 'root/a.txt': 'a' });
    const filesystem = storage(project);
    await filesystem.commit?.({ changed: [], signal });
    await filesystem.commit?.({ changed: [], published: [], signal });
    expect(await filesystem.lastRun?.()).toBeUndefined();
    const published = [copyOf(project, 'a.txt', 'a.txt').output];
    await filesystem.commit?.({ changed: [], published, signal });
    const noted = await filesystem.lastRun?.();
    expect(noted).toMatch(/^[0-9a-f-]{36}$/);
    await filesystem.commit?.({ changed: [], published, signal });
    expect(await filesystem.lastRun?.()).toBe(noted);
  });
});

describe('filesystem storage: lock', () => {
  const [machine] = ownTag().split('.');
  const dead = `.collectstatic-${machine}.${spawnSync(process.execPath, ['-e', '']).pid}.1-abc123`;

  it('sweeps what a dead run left', async () => {
    const project = newProject({ [`root/${dead}/0`]: '' });
    const lock = await storage(project).lock!(signal);
    expect(fs.readdirSync(project.path('root'))).toEqual(['.staticfiles-lock']);
    await lock.release();
  });

  it('is released if that fails', async () => {
    const project = newProject({ [`root/${dead}/0`]: '' });
    failCalls('rmSync', systemError('EACCES'), (file) => file === project.path('root', dead));
    await expect(storage(project).lock!(signal)).rejects.toMatchObject({ code: 'target' });
    expect(fs.readdirSync(project.path('root'))).toEqual([dead]);
  });

  it('has the run find out once how the folder compares names', async () => {
    const project = newProject({ 'root/some.txt': '' });
    ignoreCase(project.path('root'));
    const filesystem = storage(project);
    expect((await filesystem.inventory(signal)).fold?.('e\u0301')).toBe('e\u0301');
    const lock = await filesystem.lock!(signal);
    expect((await filesystem.inventory(signal)).fold?.('e\u0301')).toBe('\u00e9');
    await lock.release();
  });

  it.each(['write', 'remove'])('is looked at before files change: %s', async (what) => {
    const project = newProject({ 'a.txt': 'a', 'root/x.txt': 'x' });
    const filesystem = storage(project);
    const lock = await filesystem.lock!(signal);
    fs.rmSync(project.path('root/.staticfiles-lock'), { recursive: true });
    const options = { done: () => {}, signal };
    const changing =
      what === 'write'
        ? filesystem.write([copyOf(project, 'a.txt', 'a.txt')], options)
        : filesystem.remove(['x.txt'], options);
    await expect(changing).rejects.toMatchObject({ code: 'locked' });
    expect(lock.lost.aborted).toBe(true);
    expect(project.texts()).toEqual({ 'x.txt': 'x' });
    await lock.release();
  });

  it('is not looked at after it was released', async () => {
    const project = newProject({ 'root/x.txt': 'x' });
    const filesystem = storage(project);
    await (await filesystem.lock!(signal)).release();
    await filesystem.remove(['x.txt'], { done: () => {}, signal });
    expect(project.texts()).toEqual({});
  });
});

describe('filesystem storage: remove, step by step', () => {
  it('reports each path when it is gone', async () => {
    const project = newProject({ 'root/a.txt': 'a', 'root/b.txt': 'b' });
    const seen: unknown[] = [];
    const done = ({ publicPath }: { readonly publicPath: string }) =>
      seen.push([publicPath, Object.keys(project.texts())]);
    await storage(project).remove(['a.txt', 'gone.txt', 'b.txt'], { done, signal });
    expect(seen).toEqual([
      ['a.txt', ['b.txt']],
      ['gone.txt', ['b.txt']],
      ['b.txt', []],
    ]);
  });

  it('stops when it is interrupted', async () => {
    const project = newProject({ 'root/a.txt': 'a', 'root/b.txt': 'b' });
    const interrupt = new AbortController();
    const reason = new Error('stop');
    let now = 0;
    const clock = vi.spyOn(performance, 'now').mockImplementation(() => (now += 1000));
    onTestFinished(() => clock.mockRestore());
    const done = () => interrupt.abort(reason);
    const removing = storage(project).remove(['a.txt', 'b.txt'], { done, signal: interrupt.signal });
    await expect(removing).rejects.toBe(reason);
    expect(project.texts()).toEqual({ 'b.txt': 'b' });
  });
});
