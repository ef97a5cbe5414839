import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { appDirectoriesFinder } from '../src/finders/app-directories.js';
import { fileSystemFinder } from '../src/finders/file-system.js';
import type { Finder } from '../src/finders/finder.js';
import { DEFAULT_IGNORE } from '../src/finders/finder.js';
import { type FindSettings, findstatic } from '../src/findstatic.js';
import type { SearchRoot } from '../src/model/static-file.js';
import type { Storage } from '../src/storages/storage.js';
import { tempTree } from './finders/temp-tree.js';
import { foldNames } from './support/fold-names.js';

const STORAGE: Storage = {
  name: 'nowhere',
  inventory: () => Promise.reject(new Error('findstatic asks for no inventory')),
  write: () => Promise.reject(new Error('findstatic writes nothing')),
  remove: () => Promise.reject(new Error('findstatic removes nothing')),
  readText: () => Promise.reject(new Error('findstatic reads nothing')),
};

function searchRoot(dir: string, setting: string, prefix = ''): SearchRoot {
  return { dir, prefix, setting, vendor: false };
}

/** One folder `own`, and the apps `a` and `b`. */
function settingsFor(tree: string, changes: Partial<FindSettings> = {}): FindSettings {
  return {
    finders: [
      fileSystemFinder([searchRoot(path.join(tree, 'own'), 'staticfilesDirs[0]')]),
      appDirectoriesFinder([
        searchRoot(path.join(tree, 'a/static'), 'installedApps[0] (a)'),
        searchRoot(path.join(tree, 'b/static'), 'installedApps[0] (b)', 'b'),
      ]),
    ],
    ignore: [],
    defaultIgnore: DEFAULT_IGNORE,
    staticUrl: '/static/',
    storage: STORAGE,
    manifest: { name: 'staticfiles.json' },
    ...changes,
  };
}

test('each match has its path, its finder, and whether it has the same bytes as the winner', async () => {
  const tree = tempTree({
    'own/x.txt': 'one',
    'own/b/x.txt': 'same',
    'a/static/x.txt': 'two',
    'a/static/b/x.txt': 'same',
    'b/static/x.txt': 'SAME',
  });
  const [x, bx] = await findstatic(settingsFor(tree), ['x.txt', '/static/b/x.txt?v=1']);
  expect(x).toEqual({
    name: 'x.txt',
    logicalPath: 'x.txt',
    matches: [
      {
        sourcePath: `${tree}/own/x.txt`,
        finder: 'file-system',
        root: searchRoot(`${tree}/own`, 'staticfilesDirs[0]'),
        directory: false,
      },
      {
        sourcePath: `${tree}/a/static/x.txt`,
        finder: 'app-directories',
        root: searchRoot(`${tree}/a/static`, 'installedApps[0] (a)'),
        directory: false,
        sameBytes: false,
      },
    ],
    nearest: [],
  });
  expect(bx).toMatchObject({ name: '/static/b/x.txt?v=1', logicalPath: 'b/x.txt' });
  expect(
    bx!.matches.map(({ sourcePath, sameBytes }) => [path.relative(tree, sourcePath), sameBytes]),
  ).toEqual([
    ['own/b/x.txt', undefined],
    ['a/static/b/x.txt', true],
    ['b/static/x.txt', false],
  ]);
});

test('folders match too, and are not compared', async () => {
  const tree = tempTree({ 'own/css/a.css': '', 'a/static/css/b.css': '', 'b/static/css': '' });
  const [css] = await findstatic(settingsFor(tree), ['css']);
  expect(css!.matches).toMatchObject([{ directory: true }, { directory: true }]);
  expect(css!.matches.every((match) => !('sameBytes' in match))).toBe(true);
});

test('with `first`, the first match is enough', async () => {
  const tree = tempTree({ 'own/x.txt': '', 'a/static/x.txt': '' });
  const [x] = await findstatic(settingsFor(tree), ['x.txt'], { first: true });
  expect(x!.matches.map(({ sourcePath }) => sourcePath)).toEqual([`${tree}/own/x.txt`]);
});

test('paths are real paths', async () => {
  const tree = tempTree({ 'own/link.txt': { link: '../else/real.txt' }, 'else/real.txt': '' });
  const [link] = await findstatic(settingsFor(tree), ['link.txt']);
  expect(link!.matches[0]!.sourcePath).toBe(`${tree}/else/real.txt`);
});

describe('without a match', () => {
  test('the nearest names are suggested', async () => {
    const tree = tempTree({ 'own/css/app.css': '', 'a/static/css/app.css': '', 'b/static/css/app.css': '' });
    expect(await findstatic(settingsFor(tree), ['css/ap.css', 'nothing/like/it.jpeg'])).toEqual([
      {
        name: 'css/ap.css',
        logicalPath: 'css/ap.css',
        matches: [],
        nearest: ['css/app.css'],
      },
      { name: 'nothing/like/it.jpeg', logicalPath: 'nothing/like/it.jpeg', matches: [], nearest: [] },
    ]);
  });

  test.each([
    ['.htaccess', '.*'],
    ['secret/key.pem', 'secret'],
    ['css/app.css.map', '*.map'],
  ])('the pattern that hides %s is reported', async (name, pattern) => {
    const tree = tempTree({ [`a/static/${name}`]: '' });
    const [result] = await findstatic(settingsFor(tree, { ignore: ['*.map', 'secret'] }), [name]);
    expect(result).toMatchObject({
      matches: [],
      hidden: { sourcePath: `${tree}/a/static/${name}`, pattern },
    });
  });

  test('a source that cannot be listed costs only its suggestions', async () => {
    const tree = tempTree({ 'own/app.css': '', 'a/static/dangling': { link: 'gone' } });
    const [result] = await findstatic(settingsFor(tree), ['app.cs']);
    expect(result).toMatchObject({ matches: [], nearest: ['app.css'] });
  });
});

test('a name in another letter case is not found, though the file system would find it, and the right one is suggested', async () => {
  const tree = tempTree({ 'own/js/a.js': '', 'own/private/k.txt': '' });
  foldNames(tree);
  const results = await findstatic(settingsFor(tree, { ignore: ['private'] }), ['js/A.js', 'PRIVATE/k.txt']);
  expect(results.map(({ matches }) => matches)).toEqual([[], []]);
  expect(results[0]?.nearest).toEqual(['js/a.js']);
  expect(results[1]?.hidden).toBeUndefined();
});

test('the destination is not searched', async () => {
  const tree = tempTree({ 'own/out/app.css': '' });
  const storage = { ...STORAGE, folder: path.join(tree, 'own/out') };
  const [result] = await findstatic(settingsFor(tree, { storage }), ['out/app.css']);
  expect(result).toMatchObject({ matches: [], nearest: [] });
});

test.each(['../x', '/etc/passwd', 'a\0'])('%j is a usage error', async (name) => {
  await expect(findstatic(settingsFor(tempTree()), [name])).rejects.toMatchObject({ code: 'usage' });
});

describe('a custom finder', () => {
  const ROOT = searchRoot('/nowhere', 'staticfilesFinders[0]');
  const OWN: Finder = {
    name: 'own',
    roots: () => [ROOT],
    list: () => [],
    find: () => [],
    explain: () => undefined,
  };

  test('may be asynchronous', async () => {
    const tree = tempTree({ 'a.txt': '' });
    const sourcePath = path.join(tree, 'a.txt');
    const finder: Finder = { ...OWN, find: async (logicalPath) => [{ logicalPath, sourcePath, root: ROOT }] };
    const [result] = await findstatic(settingsFor(tree, { finders: [finder] }), ['a.txt']);
    expect(result!.matches).toEqual([{ sourcePath, finder: 'own', root: ROOT, directory: false }]);
  });

  test.each(['find', 'list', 'explain'] as const)('that fails in %s is named', async (method) => {
    const finder: Finder = {
      ...OWN,
      [method]: () => {
        throw new TypeError('boom');
      },
    };
    await expect(findstatic(settingsFor(tempTree(), { finders: [finder] }), ['a'])).rejects.toMatchObject({
      code: 'plugin',
      message: "The finder 'own' failed: boom",
    });
  });

  test('that finds a missing file is named with it', async () => {
    const finder: Finder = {
      ...OWN,
      find: (logicalPath) => [{ logicalPath, sourcePath: '/nowhere/a.txt', root: ROOT }],
    };
    await expect(findstatic(settingsFor(tempTree(), { finders: [finder] }), ['a.txt'])).rejects.toMatchObject(
      {
        code: 'source',
        message: "Cannot read '/nowhere/a.txt', which the finder 'own' found: no such file or directory.",
      },
    );
  });
});

test('files are listed once for several names', async () => {
  const tree = tempTree({ 'own/a.txt': '' });
  let lists = 0;
  const [finder] = settingsFor(tree).finders;
  const counting: Finder = {
    ...finder!,
    list(context) {
      lists += 1;
      return finder!.list(context);
    },
  };
  await findstatic(settingsFor(tree, { finders: [counting] }), ['b.txt', 'c.txt', 'a.txt']);
  expect(lists).toBe(1);
});
