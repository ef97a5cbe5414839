import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { StaticFilesError } from '../../../src/errors.js';
import type { Body, Output } from '../../../src/model/output.js';
import type { FolderLock } from '../../../src/storages/filesystem/lock.js';
import { type FolderTarget, writeFiles } from '../../../src/storages/filesystem/write-files.js';
import type { WriteOptions, WriteRequest, Written } from '../../../src/storages/storage.js';
import { failCalls, noteCalls, systemError } from '../../support/failing-calls.js';
import { noteFlushes, replaceSync } from '../../support/flushes.js';
import { newProject, type Project, PUBLISHED } from '../../support/project.js';
import { setUmask } from '../../support/umask.js';

const signal = new AbortController().signal;
const NOTE = '.staticfiles-run.json';

function targetOf(project: Project, changes: Partial<FolderTarget> = {}): FolderTarget {
  return {
    folder: project.path('root'),
    fileMode: 0o644,
    directoryMode: undefined,
    names: { ignoresCase: false, ignoresForm: false, keepsCase: true },
    durable: undefined,
    lock: undefined,
    ...changes,
  };
}

function request(publicPath: string, body: Body, output: Partial<Output> = {}, link = false): WriteRequest {
  return { publicPath, body, link, output: { logicalPath: publicPath, publicPath, body, ...output } };
}

function bytes(publicPath: string, output: Partial<Output> = {}): WriteRequest {
  return request(publicPath, { kind: 'bytes', bytes: Buffer.from(publicPath) }, output);
}

const manifest = () => bytes('staticfiles.json', { role: 'manifest' } as Partial<Output>);

function writing(
  project: Project,
  files: readonly WriteRequest[],
  changes: Partial<FolderTarget> = {},
  options: Partial<WriteOptions> = {},
): Promise<void> {
  return writeFiles(files, targetOf(project, changes), { done: () => {}, signal, ...options });
}

const noteOf = (project: Project) => JSON.parse(fs.readFileSync(project.path('root', NOTE), 'utf8'));

/** A lock that counts how often it is checked, and is lost at one of these times. */
function lockOf(lostAt = Number.POSITIVE_INFINITY): FolderLock & { readonly error: Error } {
  let checks = 0;
  const error = new StaticFilesError('locked', 'This run no longer has the lock.');
  return {
    id: 'c8d2',
    robbed: [],
    lost: signal,
    error,
    assertHeld() {
      checks += 1;
      if (checks >= lostAt) throw error;
    },
    release: async () => {},
  };
}

/** Notes flushes and renames in their order, with paths below the destination; `*` is the folder for staged files. */
function noteSteps(project: Project): string[] {
  const steps: string[] = [];
  const shown = (file: string) =>
    (path.relative(project.path('root'), file) || '.').replace(/^\.collectstatic-[^/]+/, '*');
  noteFlushes((file) => steps.push(`flush ${shown(file)}`));
  const { renameSync } = fs;
  const spy = vi.spyOn(fs, 'renameSync').mockImplementation((from, to) => {
    steps.push(`rename ${shown(String(from))} ${shown(String(to))}`);
    renameSync(from, to);
  });
  onTestFinished(() => spy.mockRestore());
  return steps;
}

describe('durable writing', () => {
  it('flushes each staged file and folder before the first name, and the folders of the names after the last', async () => {
    const project = newProject({ ...PUBLISHED, 'root/old/x.txt': 'x' });
    const steps = noteSteps(project);
    await writing(project, [bytes('new/deep/a.txt'), bytes('old/b.txt')], { durable: true });
    const isRename = (step: string) => step.startsWith('rename');
    const first = steps.findIndex(isRename);
    const last = steps.findLastIndex(isRename);
    expect(steps.slice(0, first).sort()).toEqual([
      'flush *',
      'flush */0',
      'flush */1',
      'flush */1/deep',
      'flush */1/deep/a.txt',
      'flush */2',
    ]);
    expect(steps.slice(first, last + 1)).toEqual([
      `rename */0 ${NOTE}`,
      'rename */1 new',
      'rename */2 old/b.txt',
    ]);
    expect(steps.slice(last + 1).sort()).toEqual(['flush .', 'flush old']);
  });

  it('also flushes the folder above a destination that is new', async () => {
    replaceSync(undefined);
    const project = newProject({});
    const steps = noteSteps(project);
    await writing(project, [bytes('a.txt')], { durable: true });
    expect(steps.slice(-2).sort()).toEqual(['flush .', 'flush ..']);
  });

  it.runIf(process.platform === 'linux').each([
    ['a destination without a note', {}, [bytes('a.txt')], true],
    [
      'a destination whose last run did not wait',
      { [`root/${NOTE}`]: '{"run":"b7c1","unflushed":true}' },
      [bytes('a.txt')],
      true,
    ],
    ['a destination whose last run waited', PUBLISHED, [bytes('a.txt')], false],
    ['a manifest for a destination without a note', {}, [manifest()], false],
  ])(
    'flushes the whole file system only where files may wait to be written: %s',
    async (_, tree, files, whole) => {
      const synced = replaceSync(0);
      const project = newProject(tree);
      const steps = noteSteps(project);
      await writing(project, files, { durable: true });
      expect(synced()).toHaveLength(whole ? 1 : 0);
      expect(steps.includes('flush *')).toBe(!whole);
    },
  );

  it.each([
    [false, undefined, false],
    [false, true, false],
    [undefined, undefined, false],
    [undefined, false, false],
    [undefined, true, true],
    [true, undefined, true],
    [true, false, true],
  ])(
    'is done as the settings say (%j), or else if a manifest is replaced (%j): %j',
    async (durable, replacesManifest, isDone) => {
      const project = newProject({ ...PUBLISHED, 'root/old/x.txt': 'x' });
      const steps = noteSteps(project);
      const more = replacesManifest === undefined ? {} : { replacesManifest };
      await writing(project, [bytes('old/a.txt')], { durable }, more);
      expect(steps.some((step) => step.startsWith('flush'))).toBe(isDone);
      expect(noteOf(project).unflushed).toBe(isDone ? undefined : true);
    },
  );

  it('flushes a copy that is made because a folder is on another device', async () => {
    const project = newProject({ ...PUBLISHED, 'root/mounted': { folder: true } });
    const steps = noteSteps(project);
    const target = project.path('root/mounted/a.txt');
    failCalls(
      'renameSync',
      systemError('EXDEV'),
      (from, to) => to === target && !String(from).startsWith(path.dirname(target)),
    );
    await writing(project, [bytes('mounted/a.txt')], { durable: true });
    expect(steps).toContainEqual(expect.stringMatching(/^flush mounted\/\.collectstatic-/));
    expect(project.texts()).toEqual({ 'mounted/a.txt': 'mounted/a.txt' });
  });

  it('publishes nothing if the disk does not take it', async () => {
    const project = newProject(PUBLISHED);
    noteFlushes(() => {
      throw systemError('EIO');
    });
    await expect(writing(project, [bytes('a.txt')], { durable: true })).rejects.toMatchObject({
      code: 'target',
    });
    expect(project.texts()).toEqual({});
    expect(noteOf(project)).toEqual({ run: 'b7c1' });
  });
});

describe('the note of a run', () => {
  it('names the lock that the run has', async () => {
    const project = newProject(PUBLISHED);
    await writing(project, [bytes('a.txt')], { lock: lockOf() });
    expect(noteOf(project)).toEqual({ run: 'c8d2', unflushed: true });
  });

  it('is another one for each run without a lock', async () => {
    const project = newProject({});
    await writing(project, [bytes('a.txt')]);
    const first = noteOf(project).run;
    await writing(project, [bytes('b.txt')]);
    expect(noteOf(project).run).not.toBe(first);
    expect(first).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('is written once for all phases of a run, and gets its name before the files', async () => {
    const project = newProject({});
    const lock = lockOf();
    const renamed = noteCalls('renameSync');
    await writing(project, [bytes('a.txt')], { lock });
    await writing(project, [bytes('b.txt')], { lock });
    const names = renamed.map(([, to]) => path.relative(project.path('root'), String(to)));
    expect(names).toEqual([NOTE, 'a.txt', 'b.txt']);
  });

  it('is not written for manifests alone, but for a manifest with another file', async () => {
    const project = newProject({});
    await writing(project, [manifest()]);
    expect(fs.readdirSync(project.path('root'))).toEqual(['staticfiles.json']);
    await writing(project, [manifest(), bytes('a.txt')]);
    expect(fs.readdirSync(project.path('root')).sort()).toEqual([NOTE, 'a.txt', 'staticfiles.json']);
  });

  it('gets the mode of the umask', async () => {
    const left = setUmask(0o027);
    const project = newProject({});
    await writing(project, [bytes('a.txt')], { fileMode: 0o600 });
    expect(fs.statSync(project.path('root', NOTE)).mode & 0o7777).toBe(left(0o666));
  });

  it('is named if it cannot be written', async () => {
    const project = newProject({});
    failCalls('writeSync', systemError('ENOSPC'));
    await expect(writing(project, [bytes('a.txt')])).rejects.toMatchObject({
      message: `Cannot write '${project.path('root', NOTE)}': no space left on the device.`,
    });
  });
});

describe('writeFiles', () => {
  it('does not even create the destination for no files', async () => {
    const project = newProject({});
    await writing(project, []);
    expect(fs.existsSync(project.path('root'))).toBe(false);
  });

  it('leaves nothing but the files and the note', async () => {
    const project = newProject({});
    await writing(project, [bytes('x/a.txt'), bytes('b.txt')]);
    expect(fs.readdirSync(project.path('root')).sort()).toEqual([NOTE, 'b.txt', 'x']);
  });

  it('names a destination that cannot be created', async () => {
    const project = newProject({ root: 'a file' });
    await expect(writing(project, [bytes('a.txt')])).rejects.toMatchObject({
      code: 'target',
      message: expect.stringMatching(`^Cannot write '${project.path('root')}': `),
    });
  });

  it.each([
    ['.staticfiles-run.json', '.staticfiles-run.json'],
    ['.staticfiles-lock', '.staticfiles-lock'],
    ['.collectstatic-x/a.txt', '.collectstatic-x'],
  ])('refuses the reserved name of %s before it writes anything', async (publicPath, top) => {
    const project = newProject({});
    const files = [bytes('a.txt'), bytes(publicPath, { logicalPath: 'its/logical.txt' })];
    await expect(writing(project, files)).rejects.toMatchObject({
      code: 'source',
      message:
        `'its/logical.txt' would be published as '${publicPath}', but '${top}' is reserved for the storage. ` +
        'Rename or ignore the file.',
    });
    expect(fs.existsSync(project.path('root'))).toBe(false);
  });

  it('names the source of a file with a reserved name', async () => {
    const source = { sourcePath: '/src/.staticfiles-lock' } as NonNullable<Output['source']>;
    const files = [bytes('.staticfiles-lock', { source })];
    await expect(writing(newProject({}), files)).rejects.toMatchObject({
      message: expect.stringMatching(/^'\/src\/\.staticfiles-lock' would be published/),
    });
  });

  it('publishes a reserved name further down', async () => {
    const project = newProject({});
    await writing(project, [bytes('x/.staticfiles-lock')]);
    expect(Object.keys(project.texts())).toEqual(['x/.staticfiles-lock']);
  });

  it.each([1, 2])('publishes nothing if the lock is lost (at look %i)', async (lostAt) => {
    const project = newProject(PUBLISHED);
    const lock = lockOf(lostAt);
    await expect(writing(project, [bytes('a.txt')], { lock })).rejects.toBe(lock.error);
    expect(fs.readdirSync(project.path('root'))).toEqual([NOTE]);
    expect(noteOf(project)).toEqual({ run: 'b7c1' });
  });

  it('says that the lock was lost rather than what follows from it', async () => {
    const project = newProject(PUBLISHED);
    const lock = lockOf(2);
    const failing = request('a.txt', { kind: 'file', file: project.path('gone') });
    await expect(writing(project, [failing], { lock })).rejects.toBe(lock.error);
    await expect(writing(project, [failing], { lock: lockOf() })).rejects.toMatchObject({ code: 'source' });
  });

  it('publishes nothing if it is interrupted while files are flushed', async () => {
    const project = newProject(PUBLISHED);
    const interrupt = new AbortController();
    const reason = new Error('stop');
    noteFlushes(() => interrupt.abort(reason));
    const options = { signal: interrupt.signal };
    await expect(writing(project, [bytes('a.txt')], { durable: true }, options)).rejects.toBe(reason);
    expect(fs.readdirSync(project.path('root'))).toEqual([NOTE]);
  });

  it('publishes nothing if it is interrupted before', async () => {
    const project = newProject(PUBLISHED);
    const reason = new Error('stop');
    const options = { signal: AbortSignal.abort(reason) };
    await expect(writing(project, [bytes('a.txt')], {}, options)).rejects.toBe(reason);
    expect(fs.readdirSync(project.path('root'))).toEqual([NOTE]);
  });

  it('reports no file before all have their names', async () => {
    const project = newProject({});
    const seen: unknown[] = [];
    const done = ({ publicPath }: Written) => seen.push([publicPath, Object.keys(project.texts())]);
    await writing(project, [bytes('a.txt'), bytes('b.txt')], {}, { done });
    expect(seen).toEqual([
      ['a.txt', ['a.txt', 'b.txt']],
      ['b.txt', ['a.txt', 'b.txt']],
    ]);
  });

  it('leaves the mode of files to the umask without a mode, and changes none', async () => {
    const left = setUmask(0o027);
    const project = newProject({ 'a.txt': { text: 'a', mode: 0o755 } });
    const changed = noteCalls('fchmodSync');
    const copy = request('copy.txt', { kind: 'file', file: project.path('a.txt') });
    await writing(project, [copy, bytes('made.txt')], { fileMode: undefined });
    const mode = left(0o666).toString(8);
    expect(project.tree()).toMatchObject({ 'copy.txt': { mode }, 'made.txt': { mode } });
    expect(changed).toHaveLength(0);
  });

  it('changes the mode of each file only if the umask removes bits of it', async () => {
    const left = setUmask(0o022);
    const project = newProject({});
    const changed = noteCalls('fchmodSync');
    await writing(project, [bytes('a.txt')], { fileMode: left(0o664) });
    expect(changed).toHaveLength(0);
    await writing(project, [bytes('b.txt')], { fileMode: 0o664 });
    expect(changed).toHaveLength(1);
    expect(project.tree()).toMatchObject({
      'a.txt': { mode: left(0o664).toString(8) },
      'b.txt': { mode: '664' },
    });
  });

  it('names the destination if it cannot find out what the umask does', async () => {
    const project = newProject({});
    failCalls('openSync', systemError('EROFS'), (file) => String(file).endsWith('/probe'));
    await expect(writing(project, [bytes('a.txt')])).rejects.toMatchObject({
      code: 'target',
      message: `Cannot write '${project.path('root')}': the file system is read-only.`,
    });
  });

  it('counts files on from one batch of 25,000 to the next', async () => {
    const project = newProject({ 'a.txt': 'a' });
    const file = { kind: 'file', file: project.path('a.txt') } as const;
    const links = Array.from({ length: 25_000 }, (_, index) => request(`x/${index}`, file, {}, true));
    const copies = Array.from({ length: 40 }, (_, index) => request(`y/${index}`, file));
    let now = 0;
    const clock = vi.spyOn(performance, 'now').mockImplementation(() => (now += 30));
    onTestFinished(() => clock.mockRestore());
    const told = new Set<number>();
    const reported = new Set<string>();
    await writing(
      project,
      [...links, ...copies],
      {},
      {
        progress: (files) => told.add(files),
        done: ({ publicPath }) => reported.add(publicPath),
      },
    );
    expect([...told]).toEqual(Array.from({ length: 20 }, (_, index) => 25_002 + 2 * index));
    expect(reported.size).toBe(25_040);
  });

  it('needs nobody to tell how far it is', async () => {
    const project = newProject({ 'a.txt': 'a' });
    let now = 0;
    const clock = vi.spyOn(performance, 'now').mockImplementation(() => (now += 1000));
    onTestFinished(() => clock.mockRestore());
    await writing(project, [request('b.txt', { kind: 'file', file: project.path('a.txt') })]);
    expect(project.texts()).toEqual({ 'b.txt': 'a' });
  });
});
