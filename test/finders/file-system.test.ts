import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { fileSystemFinder } from '../../src/finders/file-system.js';
import { DEFAULT_IGNORE, type FindContext, type Finder } from '../../src/finders/finder.js';
import type { SearchRoot, StaticFile } from '../../src/model/static-file.js';
import { tempTree } from './temp-tree.js';

const CONTEXT: FindContext = { ignore: DEFAULT_IGNORE, exclude: [], warn() {} };

function searchRoot(dir: string, prefix = ''): SearchRoot {
  return { dir, prefix, setting: 'staticfilesDirs[0]', vendor: false };
}

async function list(finder: Finder, context = CONTEXT): Promise<readonly StaticFile[]> {
  return finder.list(context);
}

async function find(finder: Finder, logicalPath: string, context = CONTEXT): Promise<readonly string[]> {
  return (await finder.find(logicalPath, context)).map(({ sourcePath }) => sourcePath);
}

test('roots are searched in order, and shadowed files are listed', async () => {
  const tree = tempTree({ 'one/x.txt': '', 'one/only1.txt': '', 'two/x.txt': '', 'two/only2.txt': '' });
  const roots = [searchRoot(path.join(tree, 'one')), searchRoot(path.join(tree, 'two'))];
  const finder = fileSystemFinder(roots);
  expect(finder.name).toBe('file-system');
  expect(finder.roots()).toEqual(roots);
  expect(await list(finder)).toEqual([
    { logicalPath: 'only1.txt', sourcePath: `${tree}/one/only1.txt`, root: roots[0] },
    { logicalPath: 'x.txt', sourcePath: `${tree}/one/x.txt`, root: roots[0] },
    { logicalPath: 'only2.txt', sourcePath: `${tree}/two/only2.txt`, root: roots[1] },
    { logicalPath: 'x.txt', sourcePath: `${tree}/two/x.txt`, root: roots[1] },
  ]);
  expect(await find(finder, 'x.txt')).toEqual([`${tree}/one/x.txt`, `${tree}/two/x.txt`]);
});

test('a root that is missing, or not a folder, has no files', async () => {
  const tree = tempTree({ file: '', dangling: { link: 'gone' } });
  const finder = fileSystemFinder(
    ['nowhere', 'file', 'dangling'].map((name) => searchRoot(path.join(tree, name))),
  );
  expect(await list(finder)).toEqual([]);
  expect(await find(finder, 'a.txt')).toEqual([]);
  expect(await find(finder, '')).toEqual([]);
});

describe('a prefix', () => {
  const FOUND: readonly (readonly [asked: string, found: readonly string[]])[] = [
    ['v/sub/pic.png', ['vendor/pic.png']],
    ['v/sub/deep', ['vendor/deep']],
    ['v/sub/', ['vendor']],
    ['pic.png', []],
    ['own.png', ['static/own.png']],
    ['v/sub', []],
    ['v', []],
    ['v/submarine.png', []],
    ['v/sub//pic.png', []],
    ['', ['static']],
  ];
  test.each(FOUND)('must match as a whole: %j finds %j', async (asked, found) => {
    const tree = tempTree({
      'vendor/pic.png': '',
      'vendor/deep/a.png': '',
      'vendor/marine.png': '',
      'static/own.png': '',
    });
    const finder = fileSystemFinder([
      searchRoot(path.join(tree, 'vendor'), 'v/sub'),
      searchRoot(path.join(tree, 'static')),
    ]);
    expect(await find(finder, asked)).toEqual(found.map((relative) => path.join(tree, relative)));
  });

  test('is added to listed names, and is not matched by ignore patterns', async () => {
    const tree = tempTree({ 'vendor/v/a.txt': '', 'vendor/b.txt': '' });
    const finder = fileSystemFinder([searchRoot(path.join(tree, 'vendor'), 'v')]);
    const files = await list(finder, { ...CONTEXT, ignore: ['v/b.txt'] });
    expect(files.map(({ logicalPath }) => logicalPath)).toEqual(['v/b.txt', 'v/v/a.txt']);
  });
});

describe('a look-up', () => {
  test.each([
    '../secret.txt',
    'sub/../../secret.txt',
    '..',
    '.',
    './a.txt',
    'sub/./b.txt',
    '/a.txt',
    'a.txt\0',
    'a.txt/',
    'a.txt/b',
  ])('of %j finds nothing', async (asked) => {
    const tree = tempTree({ 'static/a.txt': '', 'static/sub/b.txt': '', 'secret.txt': '' });
    expect(await find(fileSystemFinder([searchRoot(path.join(tree, 'static'))]), asked)).toEqual([]);
  });

  test('of a name that is too long for a file finds nothing', async () => {
    expect(await find(fileSystemFinder([searchRoot(tempTree())]), 'x'.repeat(300))).toEqual([]);
  });

  test.each([' lead', 'trail ', 'a%20b', 'a#b?c', 'back\\slash', 'new\nline', 'x'.repeat(255), 'é'])(
    'takes %j as it is',
    async (name) => {
      const tree = tempTree({ [name]: '' });
      expect(await find(fileSystemFinder([searchRoot(tree)]), name)).toEqual([path.join(tree, name)]);
    },
  );

  test('finds every file that is listed, and nothing else', async () => {
    const tree = tempTree({
      'static/a.txt': '',
      'static/sub/b.txt': '',
      'static/sub/up': { link: '..' },
      'static/linked': { link: '../other' },
      'static/.git/config': '',
      'static/out/a.txt': '',
      'static/sub/old~': '',
      'other/c.txt': '',
      'other/back': { link: '../static' },
    });
    execFileSync('mkfifo', [path.join(tree, 'static', 'pipe')]);
    const finder = fileSystemFinder([searchRoot(path.join(tree, 'static'))]);
    const context = { ...CONTEXT, exclude: [path.join(tree, 'static', 'out')] };
    const listed = (await list(finder, context)).map(({ logicalPath }) => logicalPath);
    expect(listed).toEqual(['a.txt', 'linked/c.txt', 'sub/b.txt']);
    for (const name of listed) expect(await find(finder, name, context)).toEqual([`${tree}/static/${name}`]);
    for (const name of [
      'sub/up/a.txt',
      'linked/back/a.txt',
      '.git/config',
      'out/a.txt',
      'out',
      'sub/old~',
      'pipe',
    ]) {
      expect(fs.existsSync(path.join(tree, 'static', name))).toBe(true);
      expect(await find(finder, name, context)).toEqual([]);
    }
  });
});

describe('the pattern that hides', () => {
  const HIDDEN: readonly (readonly [asked: string, pattern: string | undefined])[] = [
    ['.htaccess', '.*'],
    ['.git', '.*'],
    ['.git/hooks/x', '.*'],
    ['sub/b.txt', './sub/b*'],
    ['node_modules/x/y.js', 'node_modules'],
    ['a.txt', undefined],
    ['.gone', undefined],
    ['node_modules/gone', undefined],
    ['../static/.htaccess', undefined],
  ];
  test.each(HIDDEN)('%j is %j', async (asked, pattern) => {
    const tree = tempTree({
      'static/a.txt': '',
      'static/.htaccess': '',
      'static/.git/hooks/x': '',
      'static/sub/b.txt': '',
      'static/node_modules/x/y.js': '',
    });
    const finder = fileSystemFinder([searchRoot(path.join(tree, 'static'))]);
    const context = { ...CONTEXT, ignore: [...DEFAULT_IGNORE, 'node_modules', './sub/b*'] };
    const expected = pattern && { sourcePath: path.join(tree, 'static', asked), pattern };
    expect(await finder.explain(asked, context)).toEqual(expected);
  });
});

test('look-ups do not list an unchanged folder again, nor the folders above', async () => {
  const tree = tempTree({ 'static/js/a.js': '', 'static/js/b.js': '', 'static/out/c.js': '' });
  for (const folder of ['static/js', 'static']) fs.utimesSync(path.join(tree, folder), 1, 1);
  const finder = fileSystemFinder([searchRoot(path.join(tree, 'static'))]);
  const context = { ...CONTEXT, exclude: [path.join(tree, 'static/out')] };
  expect(await find(finder, 'js/a.js', context)).toEqual([`${tree}/static/js/a.js`]);
  const list = vi.spyOn(fs, 'readdirSync');
  expect(await find(finder, 'js/b.js', context)).toEqual([`${tree}/static/js/b.js`]);
  expect(await find(finder, 'out/c.js', context)).toEqual([]);
  expect(list).not.toHaveBeenCalled();
  list.mockRestore();
});
