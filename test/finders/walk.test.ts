import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { afterEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { ignoreRules } from '../../src/finders/ignore.js';
import { walkTree } from '../../src/finders/walk.js';
import type { Warning } from '../../src/model/static-file.js';
import { tempTree } from './temp-tree.js';

afterEach(() => {
  vi.restoreAllMocks();
});

function walk(root: string, { ignore = [] as string[], exclude = [] as string[] } = {}) {
  const warnings: Warning[] = [];
  const files: string[] = [];
  walkTree(root, {
    ignore: ignoreRules(ignore),
    exclude,
    warn: (warning) => warnings.push(warning),
    found(relativePath, sourcePath) {
      expect(sourcePath).toBe(path.join(root, relativePath));
      files.push(relativePath);
    },
  });
  return { files, warnings };
}

function systemError(code: string): Error {
  return Object.assign(new Error(`${code}: raw`), { code });
}

test('files come in the order of their names, not in that of the file system', () => {
  const root = tempTree({ 'b.txt': '', 'a/z.txt': '', 'a/b/c.txt': '', 'Z.txt': '', 'empty/': '' });
  const sorted = walk(root).files;
  expect(sorted).toEqual(['Z.txt', 'a/b/c.txt', 'a/z.txt', 'b.txt']);

  const { readdirSync } = fs;
  vi.spyOn(fs, 'readdirSync').mockImplementation(((...args: Parameters<typeof readdirSync>) =>
    (readdirSync(...args) as unknown[]).reverse()) as typeof readdirSync);
  expect(walk(root).files).toEqual(sorted);
});

test('odd names are not changed', () => {
  const names = [
    ' lead',
    'trail ',
    'a%20b',
    'a#b?c',
    'back\\slash',
    'co:lon',
    'new\nline',
    '\ufffd',
    'é',
    'x'.repeat(255),
  ];
  const root = tempTree(Object.fromEntries(names.map((name) => [name, ''])));
  expect(walk(root).files.sort()).toEqual([...names].sort());
});

test('ignored entries of every kind are skipped', () => {
  const root = tempTree({
    'a.tmp': '',
    'sub/b.txt': '',
    'sub/deep/c.txt': '',
    'skip/d.txt': '',
    '.#lock': { link: 'nobody@host' },
    'sub/gone': { link: 'nowhere' },
    linked: { link: 'skip' },
  });
  execFileSync('mkfifo', [path.join(root, 'sub', 'pipe')]);
  const ignore = ['*.tmp', 'skip', 'linked', 'sub/deep', '.*', 'sub/gone', 'sub/pipe'];
  expect(walk(root, { ignore })).toEqual({ files: ['sub/b.txt'], warnings: [] });
});

describe('links', () => {
  test('to files and folders are followed', () => {
    const root = tempTree({
      'static/real/a.txt': '',
      'else/b.txt': '',
      'static/link.txt': { link: 'real/a.txt' },
      'static/linkdir': { link: '../else' },
    });
    expect(walk(path.join(root, 'static'))).toEqual({
      files: ['link.txt', 'linkdir/b.txt', 'real/a.txt'],
      warnings: [],
    });
  });

  test('to nothing are an error that names link and target', () => {
    const root = tempTree({ 'css/app.css': { link: 'gone.css' } });
    expect(() => walk(root)).toThrow(
      expect.objectContaining({
        code: 'source',
        message: expect.stringContaining(
          `'${root}/css/app.css' is a link to 'gone.css', which does not exist`,
        ),
      }),
    );
  });

  test('to each other are an error', () => {
    const root = tempTree({ a: { link: 'b' }, b: { link: 'a' } });
    expect(() => walk(root)).toThrow(`Cannot read '${root}/a': too many levels of symbolic links.`);
  });

  const LOOPS: readonly (readonly [name: string, link: string, target: string, files: readonly string[]])[] =
    [
      ['to the folder itself', 'static/sub/self', '.', ['sub/a.txt']],
      ['to a folder above', 'static/sub/up', '..', ['sub/a.txt']],
      ['to a folder above the root', 'static/sub/out', '../..', ['sub/a.txt', 'sub/out/other/b.txt']],
    ];
  test.each(LOOPS)('%s are skipped with a warning when they form a loop', (_, link, target, files) => {
    const root = tempTree({ 'static/sub/a.txt': '', 'other/b.txt': '', [link]: { link: target } });
    const result = walk(path.join(root, 'static'));
    expect(result.files).toEqual(files);
    expect(result.warnings.map(({ code }) => code)).toEqual(['link-loop']);
    expect(result.warnings[0]!.message).toContain(path.join(root, link));
  });

  test('between two folders are followed once', () => {
    const root = tempTree({
      'a/1.txt': '',
      'b/2.txt': '',
      'a/to-b': { link: '../b' },
      'b/to-a': { link: '../a' },
    });
    expect(walk(root).files).toEqual(['a/1.txt', 'a/to-b/2.txt', 'b/2.txt', 'b/to-a/1.txt']);
  });

  test('to one folder from two places list its files twice', () => {
    const root = tempTree({ 'real/a.txt': '', one: { link: 'real' }, two: { link: 'real' } });
    expect(walk(root)).toEqual({ files: ['one/a.txt', 'real/a.txt', 'two/a.txt'], warnings: [] });
  });
});

describe('excluded folders', () => {
  test('are skipped, also if a link points to them or into them', () => {
    const root = tempTree({
      'a.txt': '',
      'out/b.txt': '',
      'out/css/c.css': '',
      'outer/d.txt': '',
      'to-out': { link: 'out' },
      'to-css': { link: 'out/css' },
    });
    expect(walk(root, { exclude: [path.join(root, 'out')] })).toEqual({
      files: ['a.txt', 'outer/d.txt'],
      warnings: [],
    });
  });

  test('may be named by a link, or be missing', () => {
    const root = tempTree({ 'real/out/b.txt': '', 'real/a.txt': '', alias: { link: 'real' } });
    const exclude = [path.join(root, 'alias', 'out'), path.join(root, 'nowhere')];
    expect(walk(path.join(root, 'real'), { exclude }).files).toEqual(['a.txt']);
  });
});

describe('special files are skipped with a warning', () => {
  test('a FIFO, and a link to one', () => {
    const root = tempTree({ 'a.txt': '', link: { link: 'pipe' } });
    execFileSync('mkfifo', [path.join(root, 'pipe')]);
    expect(walk(root)).toEqual({
      files: ['a.txt'],
      warnings: [
        { code: 'special-file', message: `Skipped '${root}/link': it is a FIFO, not a file.` },
        { code: 'special-file', message: `Skipped '${root}/pipe': it is a FIFO, not a file.` },
      ],
    });
  });

  test('a socket', async () => {
    const root = tempTree();
    const server = net.createServer().listen(path.join(root, 's'));
    onTestFinished(() => {
      server.close();
    });
    await once(server, 'listening');
    expect(walk(root).warnings[0]!.message).toContain(`'${root}/s': it is a socket`);
  });

  test('a device', () => {
    const root = tempTree({ null: { link: '/dev/null' } });
    expect(walk(root).warnings[0]!.message).toContain(`'${root}/null': it is a device`);
  });
});

describe('names that are not UTF-8', () => {
  const NAME = Buffer.from('caf\xe9 \xff.txt', 'latin1');

  test.each([
    ['file', (target: Buffer) => fs.writeFileSync(target, '')],
    ['folder', (target: Buffer) => fs.mkdirSync(target)],
    ['link', (target: Buffer) => fs.symlinkSync('a.txt', target)],
  ])('are an error that shows the bytes of the %s', (_, create) => {
    const root = tempTree({ 'a.txt': '' });
    create(Buffer.concat([Buffer.from(`${root}/`), NAME]));
    expect(() => walk(root)).toThrow(
      expect.objectContaining({
        code: 'source',
        message: expect.stringContaining(`'${root}/caf\\xe9 \\xff.txt' is not valid UTF-8`),
      }),
    );
    expect(walk(root, { ignore: ['caf*'] }).files).toEqual(['a.txt']);
  });

  test('are not confused with names that have U+FFFD itself', () => {
    const root = tempTree({ 'caf\ufffd': '' });
    expect(walk(root).files).toEqual(['caf\ufffd']);
    fs.writeFileSync(Buffer.concat([Buffer.from(`${root}/caf`), Buffer.from([0xff])]), '');
    expect(() => walk(root)).toThrow(`${root}/caf\\xff`);
  });
});

describe('folders that cannot be listed', () => {
  test.each([
    ['EACCES', 'permission denied. Make it readable'],
    ['EIO', 'an input/output error of the device.'],
  ])('with %s are an error that names them', (code, words) => {
    const root = tempTree({ 'sub/a.txt': '' });
    const { readdirSync } = fs;
    vi.spyOn(fs, 'readdirSync').mockImplementation(((...args: Parameters<typeof readdirSync>) => {
      if (String(args[0]).includes('sub')) throw systemError(code);
      return readdirSync(...args);
    }) as typeof readdirSync);
    expect(() => walk(root)).toThrow(
      expect.objectContaining({
        code: 'source',
        message: expect.stringContaining(`'${root}/sub/': ${words}`),
      }),
    );
  });

  test('because they were deleted are an error too', () => {
    const root = tempTree({ 'sub/a.txt': '' });
    const { readdirSync } = fs;
    vi.spyOn(fs, 'readdirSync').mockImplementation(((...args: Parameters<typeof readdirSync>) => {
      const entries = readdirSync(...args);
      // Not before, because the folders above are listed too.
      if (path.resolve(String(args[0])) === root)
        fs.rmSync(path.join(root, 'sub'), { recursive: true, force: true });
      return entries;
    }) as typeof readdirSync);
    expect(() => walk(root)).toThrow(
      `Cannot read '${root}/sub/': no such file or directory. It was there a moment ago`,
    );
  });
});
