import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { defaultStaticDirs, staticDirs } from '../../src/settings/source-folders.js';
import { newFolder } from './folder.js';

const root = (dir: string, prefix: string, index: number, vendor = false) => ({
  dir,
  prefix,
  setting: `staticfilesDirs[${index}]`,
  vendor,
});

describe('staticDirs', () => {
  it('accepts the three forms', async () => {
    const dir = newFolder({ 'a/x': '', 'b/x': '', 'c/x': '', 'd/x': '' });
    const entries = ['a', ['v/sub', path.join(dir, 'b')], { prefix: 'p', dir: './c/' }, { dir: 'd' }];
    expect(staticDirs(entries, dir)).toEqual({
      roots: [
        root(path.join(dir, 'a'), '', 0),
        root(path.join(dir, 'b'), 'v/sub', 1),
        root(path.join(dir, 'c'), 'p', 2),
        root(path.join(dir, 'd'), '', 3),
      ],
      problems: [],
    });
  });

  it('returns a folder once for each prefix', async () => {
    const dir = newFolder({ 'a/x': '' });
    const { roots } = staticDirs(['a', './a', ['p', 'a'], ['p', 'a']], dir);
    expect(roots).toEqual([root(path.join(dir, 'a'), '', 0), root(path.join(dir, 'a'), 'p', 2)]);
  });

  it('marks folders in npm packages, but not those that are only linked from there', async () => {
    const dir = newFolder({
      'node_modules/x/dist/a': '',
      'own/dist/a': '',
      'node_modules/own': { link: '../own' },
    });
    const { roots } = staticDirs(['node_modules/x/dist', 'node_modules/own/dist'], dir);
    expect(roots.map(({ vendor }) => vendor)).toEqual([true, false]);
  });

  it('warns of a missing folder, and keeps it', async () => {
    const dir = newFolder();
    const nowhere = path.join(dir, 'nowhere');
    expect(staticDirs(['nowhere'], dir)).toEqual({
      roots: [root(nowhere, '', 0)],
      problems: [
        {
          code: 'W004',
          key: 'staticfilesDirs[0]',
          message: `the folder '${nowhere}' does not exist.`,
        },
      ],
    });
  });

  it.each([
    ['file.txt', 'it is not a directory'],
    ['file.txt/below', 'a part of the path is not a directory'],
    ['loop', 'too many levels of symbolic links'],
  ])('refuses %s: %s', async (entry, reason) => {
    const dir = newFolder({ 'file.txt': '', loop: { link: 'loop' } });
    const { problems } = staticDirs([entry], dir);
    expect(problems).toEqual([
      {
        code: 'E009',
        key: 'staticfilesDirs[0]',
        message: `cannot search '${path.join(dir, entry)}': ${reason}.`,
      },
    ]);
  });

  it.each([
    [
      42,
      'staticfilesDirs[0]',
      'expected a path, a [prefix, path] pair or {prefix, dir, include, ignore}, got 42.',
    ],
    [null, 'staticfilesDirs[0]', 'got null.'],
    ['', 'staticfilesDirs[0]', "expected a path that is not empty, got ''."],
    [['a'], 'staticfilesDirs[0][1]', 'this entry is required.'],
    [['p', 'a', 'b'], 'staticfilesDirs[0][2]', "pair or {prefix, dir, include, ignore}, got 'b'."],
    [[1, 'a'], 'staticfilesDirs[0][0]', 'expected a prefix, got 1.'],
    [{ prefix: 'p' }, 'staticfilesDirs[0].dir', 'this key is required.'],
    [{ dir: 'a', prefx: 'p' }, 'staticfilesDirs[0].prefx', 'unknown setting.'],
  ])('refuses the entry %j', (entry, key, words) => {
    const { roots, problems } = staticDirs([entry], newFolder({ 'a/x': '' }));
    expect(roots).toEqual([]);
    expect(problems).toMatchObject([{ code: 'E004', key, message: expect.stringContaining(words) }]);
  });

  it('reports the problems of every entry', async () => {
    const dir = newFolder({ 'a/x': '' });
    const { problems } = staticDirs([['p/', 'a'], 1, 'nowhere', ['../q', 'a']], dir);
    expect(problems.map(({ code }) => code)).toEqual(['E003', 'E004', 'W004', 'E008']);
  });
});

describe('defaultStaticDirs', () => {
  it('is static if that is a folder', () => {
    const dir = newFolder({ 'static/x': '' });
    expect(defaultStaticDirs(dir, path.join(dir, 'out'))).toEqual([
      { dir: path.join(dir, 'static'), prefix: '', setting: 'staticfilesDirs (default)', vendor: false },
    ]);
  });

  it('is empty without such a folder', () => {
    expect(defaultStaticDirs(newFolder(), '/out')).toEqual([]);
    expect(defaultStaticDirs(newFolder({ static: 'a file' }), '/out')).toEqual([]);
  });

  it.each([
    ['has files', { 'static/x': '' }, 1],
    ['has a folder', { 'static/x/y': '' }, 1],
    ['is a link to a folder with files', { 'real/x': '', static: { link: 'real' } }, 1],
    ['has a manifest alone', { 'static/staticfiles.json': '{}', 'static/staticfiles.details.json': '{}' }, 1],
    ['has hidden files alone', { 'static/.gitkeep': '' }, 0],
    ['was published to by a run', { 'static/x': '', 'static/.staticfiles-run.json': '{"run":"b7c1"}' }, 0],
  ])('where it is the destination too and %s: %s', (_, tree, roots) => {
    const dir = newFolder(tree);
    expect(defaultStaticDirs(dir, path.join(dir, 'static'))).toHaveLength(roots);
    expect(defaultStaticDirs(dir, path.join(dir, 'real'))).toHaveLength('real/x' in tree ? roots : 1);
  });
});
