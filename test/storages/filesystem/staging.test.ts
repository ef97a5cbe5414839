import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { StaticFilesError } from '../../../src/errors.js';
import { ownTag } from '../../../src/storages/filesystem/process-tag.js';
import { openStaging, type Staging, type StagingOptions } from '../../../src/storages/filesystem/staging.js';
import { failCalls, noteCalls, systemError } from '../../support/failing-calls.js';
import { newProject, type Project } from '../../support/project.js';
import type { TreeInput } from '../../support/tree.js';

/** Stages files with their path as text. */
function staged(
  tree: TreeInput,
  publicPaths: readonly string[],
  options?: StagingOptions,
): { readonly project: Project; readonly staging: Staging } {
  const project = newProject({ root: { folder: true }, ...tree });
  const staging = openStaging(project.path('root'), options);
  for (const publicPath of publicPaths) fs.writeFileSync(staging.pathFor(publicPath), publicPath);
  return { project, staging };
}

describe('staging', () => {
  it('shows nothing before files are placed, and only them afterwards', async () => {
    const { project, staging } = staged({}, ['a.txt', 'x/b.txt', 'x/y/c.txt']);
    const top = path.basename(staging.folder);
    expect(fs.readdirSync(project.path('root'))).toEqual([top]);
    expect(top.startsWith(`.collectstatic-${ownTag()}-`)).toBe(true);
    await staging.place();
    staging.discard();
    expect(project.texts()).toEqual({ 'a.txt': 'a.txt', 'x/b.txt': 'x/b.txt', 'x/y/c.txt': 'x/y/c.txt' });
  });

  it('builds a new folder as a whole, which takes one rename', async () => {
    const { project, staging } = staged({ 'root/old/x': '' }, [
      'x/y/z/a.txt',
      'x/y/b.txt',
      'x/c.txt',
      'old/n/d.txt',
    ]);
    const renamed = noteCalls('renameSync');
    const changed = await staging.place();
    expect(renamed.map(([, to]) => to)).toEqual([project.path('root/x'), project.path('root/old/n')]);
    expect([...changed].sort()).toEqual([project.path('root'), project.path('root/old')]);
    expect(Object.keys(project.texts())).toEqual([
      'old/n/d.txt',
      'old/x',
      'x/c.txt',
      'x/y/b.txt',
      'x/y/z/a.txt',
    ]);
  });

  it('returns each folder with new names once', async () => {
    const { project, staging } = staged({ 'root/x/y/old': '' }, ['a', 'b', 'x/a', 'x/b', 'x/y/a']);
    expect(await staging.place()).toEqual(['root', 'root/x', 'root/x/y'].map((each) => project.path(each)));
  });

  it('stages a probe in its folder under a name that no file gets', () => {
    const { staging } = staged({}, ['probe', 'a.txt']);
    expect(path.dirname(staging.probePath())).toBe(staging.folder);
    expect(fs.existsSync(staging.probePath())).toBe(false);
  });

  it.each<[string, TreeInput, string[]]>([
    ['a file by a file', { 'root/a': 'old' }, ['a']],
    ['a folder by a file', { 'root/a/deep/x': 'old' }, ['a']],
    ['a file by a folder', { 'root/a': 'old' }, ['a/b.txt']],
    ['a link by a file', { 'root/a': { link: '../kept' } }, ['a']],
    ['a link by a folder', { 'root/a': { link: '../kept' } }, ['a/b.txt']],
    ['a file further down by a folder', { 'root/x/a': 'old' }, ['x/a/b/c.txt']],
  ])('replaces %s', async (_, tree, publicPaths) => {
    const { project, staging } = staged({ 'kept/k.txt': 'k', ...tree }, publicPaths);
    await staging.place();
    staging.discard();
    expect(project.texts()).toEqual(Object.fromEntries(publicPaths.map((each) => [each, each])));
    expect(project.texts('kept')).toEqual({ 'k.txt': 'k' });
  });

  it.each<[string, TreeInput, string]>([
    ['nothing', {}, 'a'],
    ['a file', { 'root/a': 'old' }, 'a'],
  ])(
    'names the file whose rename fails where %s is in the way, and leaves what is there',
    async (_, tree, name) => {
      const { project, staging } = staged(tree, [name]);
      const before = project.texts();
      failCalls('renameSync', systemError('ENOSPC'));
      const error = await staging.place().catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(StaticFilesError);
      expect(error).toMatchObject({
        code: 'target',
        message: `Cannot write '${project.path('root', name)}': no space left on the device.`,
        cause: { code: 'ENOSPC' },
      });
      expect(project.texts()).toEqual(before);
    },
  );

  it('leaves a folder that somebody made in the meantime, and says why', async () => {
    const { project, staging } = staged({}, ['x/a.txt']);
    project.write({ 'root/x/theirs.txt': 'theirs' });
    await expect(staging.place()).rejects.toMatchObject({
      code: 'target',
      message: expect.stringMatching(`^Cannot write '${project.path('root/x')}': `),
      cause: { code: 'ENOTEMPTY' },
    });
    expect(project.texts()).toMatchObject({ 'x/theirs.txt': 'theirs' });
  });

  it('gives new folders the mode that it is told, whatever the umask', async () => {
    const { project, staging } = staged({ 'root/old': { folder: true, mode: 0o711 } }, ['x/y/a', 'old/b'], {
      directoryMode: 0o2777,
    });
    await staging.place();
    const modeOf = (name: string) => fs.statSync(project.path('root', name)).mode & 0o7777;
    expect([modeOf('x'), modeOf('x/y'), modeOf('old')]).toEqual([0o2777, 0o2777, 0o711]);
  });

  it('leaves the mode of new folders to the umask unless it is told one', () => {
    const changed = noteCalls('chmodSync');
    staged({}, ['x/y/a']);
    expect(changed).toHaveLength(0);
  });

  it('names the folder that cannot be made', () => {
    const { project, staging } = staged({}, []);
    failCalls('mkdirSync', systemError('EDQUOT'));
    expect(() => staging.pathFor('x/y/a.txt')).toThrow(
      expect.objectContaining({
        code: 'target',
        message: `Cannot write '${project.path('root/x')}': the disk quota is used up.`,
      }),
    );
  });

  it('names the destination if it cannot be written', () => {
    const project = newProject({ root: { folder: true } });
    failCalls('mkdtempSync', systemError('EROFS'));
    expect(() => openStaging(project.path('root'))).toThrow(
      expect.objectContaining({
        code: 'target',
        message: `Cannot write '${project.path('root')}': the file system is read-only.`,
      }),
    );
  });

  it('ignores that it cannot be discarded, but no error of the program', () => {
    const { staging } = staged({}, ['a.txt']);
    const error = new TypeError('a mistake');
    failCalls('rmSync', systemError('EBUSY'));
    expect(() => staging.discard()).not.toThrow();
    failCalls('rmSync', error);
    expect(() => staging.discard()).toThrow(error);
  });

  it('can be discarded twice', () => {
    const { project, staging } = staged({}, ['x/a.txt']);
    staging.discard();
    staging.discard();
    expect(fs.readdirSync(project.path('root'))).toEqual([]);
  });
});

describe('staging for a folder on another device', () => {
  /** Renames from the staging folder fail. */
  function separate(staging: Staging): void {
    failCalls('renameSync', systemError('EXDEV'), (from) => path.dirname(String(from)) === staging.folder);
  }

  it('copies beside the target, flushes the copy and renames it then', async () => {
    const flushed: string[][] = [];
    const flush = async (file: string) => {
      flushed.push([
        file,
        ...Object.keys(project.texts('root/mount')).filter((name) => !name.startsWith('.')),
      ]);
    };
    const { project, staging } = staged({ 'root/mount': { folder: true } }, [], { flush });
    const before = new Date(1_234_567_890_000);
    const first = staging.pathFor('mount/a.txt');
    fs.writeFileSync(first, 'a');
    fs.utimesSync(first, before, before);
    fs.writeFileSync(staging.pathFor('mount/b.txt'), 'b');
    separate(staging);
    await staging.place();
    staging.discard();
    expect(project.texts()).toEqual({ 'mount/a.txt': 'a', 'mount/b.txt': 'b' });
    expect(flushed).toEqual([
      [project.path('root/mount', path.basename(staging.folder))],
      [project.path('root/mount', path.basename(staging.folder)), 'a.txt'],
    ]);
    expect(fs.statSync(project.path('root/mount/a.txt')).mtimeMs).toBe(before.getTime());
  });

  it('works without flushing', async () => {
    const { project, staging } = staged({ 'root/mount': { folder: true } }, ['mount/x/a.txt']);
    separate(staging);
    await staging.place();
    staging.discard();
    expect(project.texts()).toEqual({ 'mount/x/a.txt': 'mount/x/a.txt' });
  });

  it('names the target if the copy or its rename fails', async () => {
    const { project, staging } = staged({ 'root/mount': { folder: true } }, ['mount/a.txt']);
    failCalls('renameSync', systemError('EXDEV'));
    await expect(staging.place()).rejects.toMatchObject({
      code: 'target',
      message: `Cannot write '${project.path('root/mount/a.txt')}': it is on another file system.`,
    });
    fs.rmSync(path.join(staging.folder, '0'));
    await expect(staging.place()).rejects.toMatchObject({
      code: 'target',
      message: `Cannot write '${project.path('root/mount/a.txt')}': no such file or directory.`,
    });
  });
});
