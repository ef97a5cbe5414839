import fs from 'node:fs';
import { describe, expect, it } from 'vitest';
import { removeEmptyFolders, removePath } from '../../../src/storages/filesystem/remove.js';
import { failCalls, noteCalls, systemError } from '../../support/failing-calls.js';
import { newProject } from '../../support/project.js';

describe('removePath', () => {
  it('removes a file, a link itself, and an empty folder', () => {
    const project = newProject({
      'root/x/a.txt': 'a',
      'root/link': { link: '../kept' },
      'root/empty': { folder: true },
      'kept/k.txt': 'k',
    });
    for (const name of ['x/a.txt', 'link', 'empty']) removePath(project.path('root'), name);
    expect(fs.readdirSync(project.path('root'))).toEqual(['x']);
    expect(project.emptyFolders()).toEqual(['x']);
    expect(project.texts('kept')).toEqual({ 'k.txt': 'k' });
  });

  it('takes what is missing for removed, also below a file', () => {
    const project = newProject({ 'root/a.txt': 'a' });
    for (const name of ['gone', 'gone/too', 'a.txt/x']) removePath(project.path('root'), name);
    expect(project.texts()).toEqual({ 'a.txt': 'a' });
  });

  it('reaches nothing through a link, however far up that is', () => {
    const project = newProject({ 'elsewhere/x/y/a.txt': 'a', 'root/link': { link: '../elsewhere' } });
    removePath(project.path('root'), 'link/x/y/a.txt');
    expect(project.texts('elsewhere')).toEqual({ 'x/y/a.txt': 'a' });
  });

  it('names what cannot be deleted', () => {
    const project = newProject({ 'root/a.txt': 'a', 'root/full/b.txt': 'b' });
    failCalls('unlinkSync', systemError('EPERM'));
    expect(() => removePath(project.path('root'), 'a.txt')).toThrow(
      expect.objectContaining({
        code: 'target',
        message: `Cannot delete '${project.path('root/a.txt')}': operation not permitted.`,
        cause: expect.objectContaining({ code: 'EPERM' }),
      }),
    );
    expect(() => removePath(project.path('root'), 'full')).toThrow(
      expect.objectContaining({ code: 'target', cause: expect.objectContaining({ code: 'ENOTEMPTY' }) }),
    );
    expect(project.texts()).toEqual({ 'a.txt': 'a', 'full/b.txt': 'b' });
  });
});

describe('removeEmptyFolders', () => {
  it('removes empty folders, and those above that become empty', () => {
    const project = newProject({
      'root/a/b/c': { folder: true },
      'root/a/d': { folder: true },
      'root/e/f': { folder: true },
      'root/e/kept.txt': 'k',
    });
    removeEmptyFolders(project.path('root'), ['a', 'a/d', 'a/b/c', 'e/f', 'a/d']);
    expect(fs.readdirSync(project.path('root'))).toEqual(['e']);
    expect(fs.readdirSync(project.path('root/e'))).toEqual(['kept.txt']);
  });

  it('leaves empty folders that it was not told about', () => {
    const project = newProject({ 'root/a': { folder: true }, 'root/b': { folder: true } });
    removeEmptyFolders(project.path('root'), ['a']);
    expect(project.emptyFolders()).toEqual(['b']);
  });

  it('asks for the deepest folders first, and for each that was given twice once', () => {
    const project = newProject({ 'root/a/b/x.txt': 'x', 'root/long-name/x.txt': 'x' });
    const asked = noteCalls('rmdirSync');
    removeEmptyFolders(project.path('root'), ['a', 'a/b', 'long-name', 'a/b']);
    const paths = asked.map(([dir]) => String(dir).slice(project.path('root').length + 1));
    expect(paths).toEqual(['long-name', 'a/b', 'a']);
  });

  it('goes on upwards from a folder that is gone already', () => {
    const project = newProject({ 'root/a': { folder: true } });
    removeEmptyFolders(project.path('root'), ['a/gone/deep']);
    expect(fs.readdirSync(project.path('root'))).toEqual([]);
  });

  it('never removes the root, even if it is empty', () => {
    const project = newProject({ 'root/a': { folder: true } });
    removeEmptyFolders(project.path('root'), ['', 'a']);
    expect(fs.readdirSync(project.path('root'))).toEqual([]);
  });

  it('leaves a file or a link in the place of a folder', () => {
    const project = newProject({
      'root/file': 'f',
      'root/link': { link: '../elsewhere' },
      elsewhere: { folder: true },
    });
    removeEmptyFolders(project.path('root'), ['file', 'file/x', 'link']);
    expect(fs.readdirSync(project.path('root')).sort()).toEqual(['file', 'link']);
    expect(fs.existsSync(project.path('elsewhere'))).toBe(true);
  });

  it.each(['ENOTEMPTY', 'EEXIST', 'ENOTDIR'])('leaves a folder that is not empty: %s', (code) => {
    const project = newProject({ 'root/a/b': { folder: true } });
    failCalls('rmdirSync', systemError(code));
    const asked = noteCalls('rmdirSync');
    removeEmptyFolders(project.path('root'), ['a/b']);
    expect(asked).toHaveLength(1);
  });

  it('names a folder that cannot be deleted', () => {
    const project = newProject({ 'root/a': { folder: true } });
    failCalls('rmdirSync', systemError('EROFS'));
    expect(() => removeEmptyFolders(project.path('root'), ['a'])).toThrow(
      expect.objectContaining({
        code: 'target',
        message: `Cannot delete '${project.path('root/a')}': the file system is read-only.`,
      }),
    );
  });

  it('names a folder whose deletion fails without a code', () => {
    const project = newProject({ 'root/a': { folder: true } });
    failCalls('rmdirSync', new Error('no idea'));
    expect(() => removeEmptyFolders(project.path('root'), ['a'])).toThrow(/Cannot delete '.*a': no idea\./);
  });
});
