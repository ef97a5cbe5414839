import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { contentInfo } from '../../../src/model/content.js';
import { type FolderInventoryOptions, folderInventory } from '../../../src/storages/filesystem/inventory.js';
import { failCalls, noteCalls, systemError } from '../../support/failing-calls.js';
import { ignoreCase } from '../../support/ignoring-case.js';
import { newProject, type Project } from '../../support/project.js';

const EXACT = { ignoresCase: false, ignoresForm: false, keepsCase: true };
const MEGABYTE = 1024 * 1024;

function inventoryOf(project: Project, changes: Partial<FolderInventoryOptions> = {}) {
  return folderInventory(project.path('root'), {
    fileMode: undefined,
    names: EXACT,
    hasRun: false,
    ...changes,
  });
}

function entriesOf(project: Project): (readonly [string, string])[] {
  return Array.from(inventoryOf(project).entries(), ([publicPath, { kind }]) => [publicPath, kind]);
}

describe('folderInventory: get', () => {
  it('describes each kind of entry', () => {
    const project = newProject({
      'root/a.txt': { text: 'abc', mode: 0o640, mtime: 1234567890 },
      'root/folder': { folder: true, mode: 0o750 },
      'root/link': { link: 'a.txt' },
      'root/pipe': { fifo: true },
    });
    const inventory = inventoryOf(project);
    const statsOf = (name: string) => fs.lstatSync(project.path('root', name));
    expect(inventory.get('a.txt')).toEqual({ kind: 'file', size: 3, mtimeMs: 1234567890000, mode: 0o640 });
    const { size, mtimeMs } = statsOf('folder');
    expect(inventory.get('folder')).toEqual({ kind: 'directory', size, mtimeMs, mode: 0o750 });
    const link = { size: 5, mtimeMs: statsOf('link').mtimeMs, linkTarget: 'a.txt' };
    expect(inventory.get('link')).toEqual({ kind: 'link', ...link });
    expect(inventory.get('pipe')?.kind).toBe('other');
  });

  it('finds nothing below a file, a link or a missing folder', () => {
    const project = newProject({ 'root/a.txt': 'a', 'root/x/b.txt': 'b', 'root/link': { link: 'x' } });
    const inventory = inventoryOf(project);
    for (const name of ['a.txt/b', 'link/b.txt', 'gone/b.txt', 'gone/deep/b.txt'])
      expect(inventory.get(name)).toBeUndefined();
    expect(inventory.get('x/b.txt')?.kind).toBe('file');
  });

  it('asks for no more names in a folder after the first missing one, except those that it lists', () => {
    const project = newProject({ 'root/x/a.txt': 'a', 'root/x/b.txt': 'b' });
    const inventory = inventoryOf(project);
    expect(inventory.get('x/1')).toBeUndefined();
    const asked = noteCalls('lstatSync');
    const listed = noteCalls('readdirSync');
    expect([2, 3, 4].map((each) => inventory.get(`x/${each}`))).toEqual([undefined, undefined, undefined]);
    expect(asked).toHaveLength(0);
    expect(inventory.get('x/b.txt')?.kind).toBe('file');
    expect(asked).toHaveLength(1);
    expect(listed).toHaveLength(0);
  });

  it('asks nothing for files in a missing folder', () => {
    const inventory = inventoryOf(newProject({ root: { folder: true } }));
    inventory.get('gone/1');
    const asked = noteCalls('lstatSync');
    inventory.get('gone/2');
    expect(asked).toHaveLength(0);
  });

  it('says that a folder cannot be listed', () => {
    const project = newProject({ 'root/x/a.txt': 'a' });
    failCalls('readdirSync', systemError('EACCES'));
    expect(() => inventoryOf(project).get('x/gone')).toThrow(
      expect.objectContaining({
        code: 'target',
        message: `Cannot read '${project.path('root/x')}': permission denied.`,
      }),
    );
  });
});

describe('folderInventory: names', () => {
  it('has no rules for names where each name is distinct', () => {
    const inventory = inventoryOf(newProject({}));
    expect('fold' in inventory).toBe(false);
    expect('hasSpelling' in inventory).toBe(false);
  });

  it('folds letter case only where it is ignored', () => {
    const { fold } = inventoryOf(newProject({}), { names: { ...EXACT, ignoresCase: true } });
    expect(fold?.('Img/A.js')).toBe('img/a.js');
    expect(fold?.('e\u0301')).not.toBe(fold?.('\u00e9'));
  });

  it('folds Unicode forms only where they are ignored', () => {
    const { fold } = inventoryOf(newProject({}), { names: { ...EXACT, ignoresForm: true } });
    expect(fold?.('e\u0301')).toBe('\u00e9');
    expect(fold?.('A')).toBe('A');
  });

  it('finds a file by another letter case, also in a folder that was listed', () => {
    const project = newProject({ 'root/Img/a.txt': 'a' });
    ignoreCase(project.path('root'));
    const inventory = inventoryOf(project, {
      names: { ignoresCase: true, ignoresForm: true, keepsCase: true },
    });
    expect(inventory.get('img/gone')).toBeUndefined();
    expect(inventory.get('img/A.TXT')).toMatchObject({ kind: 'file', size: 1 });
    expect(inventory.hasSpelling?.('Img/a.txt')).toBe(true);
    expect(inventory.hasSpelling?.('img/a.txt')).toBe(false);
  });

  it('says nothing about the spelling where names are listed in one letter case, or letter case matters', () => {
    const project = newProject({});
    const has = (ignoresCase: boolean, keepsCase: boolean) =>
      'hasSpelling' in inventoryOf(project, { names: { ignoresCase, ignoresForm: true, keepsCase } });
    expect([has(true, true), has(true, false), has(false, true)]).toEqual([true, false, false]);
  });
});

describe('folderInventory: entries', () => {
  it('yields all files and empty folders in order, with links as they are', () => {
    const project = newProject({
      'root/b/c/d.txt': 'd',
      'root/b/a.txt': 'a',
      'root/a.txt': 'a',
      'root/empty/deep': { folder: true },
      'root/link': { link: 'b' },
      'root/pipe': { fifo: true },
    });
    expect(entriesOf(project)).toEqual([
      ['a.txt', 'file'],
      ['b/a.txt', 'file'],
      ['b/c/d.txt', 'file'],
      ['empty/deep', 'directory'],
      ['link', 'link'],
      ['pipe', 'other'],
    ]);
  });

  it('leaves reserved names out at the top, and lists them further down', () => {
    const project = newProject({ 'root/.staticfiles-lock/x': '', 'root/a/.staticfiles-lock/x': '' });
    expect(entriesOf(project)).toEqual([['a/.staticfiles-lock/x', 'file']]);
  });

  it('leaves another destination out, but not the one itself', () => {
    const project = newProject({
      'root/.staticfiles-run.json': '{}',
      'root/a.txt': 'a',
      'root/b/c/.staticfiles-run.json': '{}',
      'root/b/c/x.txt': 'x',
      'root/b/y.txt': 'y',
    });
    expect(entriesOf(project)).toEqual([
      ['a.txt', 'file'],
      ['b/y.txt', 'file'],
    ]);
    expect(inventoryOf(project).nested?.()).toEqual(['b/c']);
  });

  it('passes over a file that vanishes meanwhile', () => {
    const project = newProject({ 'root/a.txt': 'a', 'root/b.txt': 'b' });
    const entries = inventoryOf(project).entries()[Symbol.iterator]();
    expect(entries.next().value?.[0]).toBe('a.txt');
    fs.rmSync(project.path('root/b.txt'));
    expect(entries.next()).toEqual({ done: true, value: undefined });
  });

  it.runIf(process.platform === 'linux')('refuses a name that is not UTF-8', () => {
    const project = newProject({ 'root/a.txt': 'a', 'root/x/b.txt': 'b' });
    const name = Buffer.concat([Buffer.from(`${project.path('root/x')}/n`), Buffer.from([0xff])]);
    fs.writeFileSync(name, '');
    expect(() => entriesOf(project)).toThrow(
      expect.objectContaining({
        code: 'target',
        message:
          `The name of '${project.path('root/x')}/n\uFFFD' is not valid UTF-8. No run has published it. ` +
          'Delete it by hand.',
      }),
    );
    fs.rmSync(name);
  });

  it('yields nothing for a missing folder, and fails for one that cannot be read', () => {
    const project = newProject({});
    expect(entriesOf(project)).toEqual([]);
    failCalls('readdirSync', systemError('EIO'));
    expect(() => entriesOf(project)).toThrow(
      expect.objectContaining({
        code: 'target',
        message: `Cannot read '${project.path('root')}': an input/output error of the device.`,
      }),
    );
  });
});

describe('folderInventory: bytes', () => {
  it('compares a file with a source file or with bytes', () => {
    const project = newProject({
      'root/a.txt': 'abc',
      'same.txt': 'abc',
      'other.txt': 'abd',
      'long.txt': 'abcd',
    });
    const inventory = inventoryOf(project);
    const hasFile = (name: string) =>
      inventory.hasBytes?.('a.txt', { kind: 'file', file: project.path(name) });
    expect(['same.txt', 'other.txt', 'long.txt'].map(hasFile)).toEqual([true, false, false]);
    const hasText = (text: string) =>
      inventory.hasBytes?.('a.txt', { kind: 'bytes', bytes: Buffer.from(text) });
    expect(['abc', 'abd', 'abcd'].map(hasText)).toEqual([true, false, false]);
  });

  it.each([0, 5, 256 * 1024, MEGABYTE + 7])('digests a file of %i bytes', async (size) => {
    const text = 'abcdefg'.repeat(size / 7 + 1).slice(0, size);
    const project = newProject({ 'root/a.txt': text });
    const closed = noteCalls('closeSync');
    const hex = createHash('sha384').update(text).digest('hex');
    expect(await inventoryOf(project).digest?.('a.txt', 'sha384')).toBe(hex);
    expect(closed).toHaveLength(1);
  });

  it('recognizes what a file decodes to', async () => {
    const text = 'text '.repeat(100);
    const project = newProject({ root: { folder: true } });
    fs.writeFileSync(project.path('root/a.gz'), gzipSync(text));
    const inventory = inventoryOf(project);
    const decodes = (plain: string) =>
      inventory.decodesTo?.('a.gz', 'gzip', contentInfo(Buffer.from(plain), 'md5'));
    expect(await decodes(text)).toBe(true);
    expect(await decodes(text.toUpperCase())).toBe(false);
  });

  it('decodes no link that points to no file', async () => {
    const project = newProject({
      'root/gone.gz': { link: 'nowhere' },
      'root/through.gz': { link: 'a.txt/x' },
      'root/folder.gz': { link: '.' },
      'root/itself.gz': { link: 'itself.gz' },
      'root/a.txt': 'a',
    });
    const inventory = inventoryOf(project);
    const content = contentInfo(Buffer.from('x'), 'md5');
    for (const name of ['gone.gz', 'through.gz', 'folder.gz', 'itself.gz'])
      expect(await inventory.decodesTo?.(name, 'gzip', content)).toBe(false);
  });

  it('says which file cannot be read to decode it', async () => {
    const project = newProject({ 'root/a.gz': 'a' });
    failCalls('openSync', systemError('EACCES'));
    const decoding = inventoryOf(project).decodesTo?.('a.gz', 'gzip', contentInfo(Buffer.from('x'), 'md5'));
    await expect(decoding).rejects.toMatchObject({
      code: 'target',
      message: `Cannot read '${path.posix.join(project.path('root'), 'a.gz')}': permission denied. Make it readable, or delete it.`,
    });
  });
});

it('an inventory passes on what it was told', () => {
  const project = newProject({});
  expect(inventoryOf(project, { hasRun: true, fileMode: 0o640 })).toMatchObject({
    hasRun: true,
    fileMode: 0o640,
    proof: { kind: 'stat' },
  });
  expect(inventoryOf(project).hasRun).toBe(false);
  expect('fileMode' in inventoryOf(project)).toBe(false);
});
