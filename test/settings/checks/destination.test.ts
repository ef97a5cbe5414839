import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { checkDestination } from '../../../src/settings/checks/destination.js';
import { newFolder } from '../folder.js';

afterEach(() => vi.restoreAllMocks());

const KEY = 'staticRoot';

/** The problems of a destination in a project; all paths are relative to it. */
function check(
  project: string,
  staticRoot: string,
  {
    sources = [],
    mediaRoot,
    cacheDir = 'cache',
  }: { sources?: string[]; mediaRoot?: string; cacheDir?: string } = {},
) {
  const at = (name: string) => path.resolve(project, name);
  return checkDestination(
    { dir: at(staticRoot), key: KEY },
    {
      baseDir: project,
      cacheDir: at(cacheDir),
      mediaRoot: mediaRoot === undefined ? undefined : at(mediaRoot),
      roots: sources.map((dir, index) => ({
        dir: at(dir),
        prefix: '',
        setting: `staticfilesDirs[${index}]`,
        vendor: false,
      })),
    },
  );
}

describe('a destination', () => {
  it.each(['out', 'new/deep/out', '../beside'])('may be %s', (staticRoot) => {
    const dir = path.join(newFolder({ 'project/out/x': '', 'project/static/x': '' }), 'project');
    expect(check(dir, staticRoot, { sources: ['static'], mediaRoot: 'media' })).toEqual([]);
  });

  it.each([
    ['file', 'it is not a directory'],
    ['file/below', 'a part of the path is not a directory'],
  ])('must not be %s: %s', (staticRoot, reason) => {
    const dir = newFolder({ file: '' });
    expect(check(dir, staticRoot)).toEqual([
      {
        code: 'E013',
        key: KEY,
        message: `cannot publish to '${path.join(dir, staticRoot)}': ${reason}.`,
      },
    ]);
  });

  it.each(['.', '..', '/', 'link', 'static/..'])('must not be %s, the project or above it', (staticRoot) => {
    const dir = newFolder({ 'static/x': '', link: { link: '.' } });
    expect(check(dir, staticRoot, { sources: ['static'], mediaRoot: 'media' })).toMatchObject([
      {
        code: 'E014',
        message: expect.stringContaining(`must not be or contain the project folder, '${dir}'.`),
      },
    ]);
  });

  it('must not be the home folder, or above it', () => {
    const home = newFolder({ 'user/x': '' });
    vi.spyOn(os, 'homedir').mockReturnValue(path.join(home, 'user'));
    const message = expect.stringContaining(
      `must not be or contain the home folder, '${path.join(home, 'user')}'.`,
    );
    expect(check(newFolder(), path.join(home, 'user'))).toMatchObject([{ code: 'E014', message }]);
    expect(check(newFolder(), home)).toMatchObject([{ code: 'E014', message }]);
    expect(check(newFolder(), path.join(home, 'user/www'))).toEqual([]);
  });
});

describe('a destination and the sources', () => {
  it.each(['static', './static/', 'link'])('must not be one folder, as with %s', (staticRoot) => {
    const dir = newFolder({ 'static/x': '', link: { link: 'static' } });
    expect(check(dir, staticRoot, { sources: ['other', 'static'] })).toEqual([
      {
        code: 'E002',
        key: KEY,
        message: `'${path.resolve(dir, staticRoot)}' is also a search root (staticfilesDirs[1]).`,
        hint: "Use a separate folder, such as 'staticfiles'.",
      },
    ]);
  });

  it('must not be one folder of an app', () => {
    const dir = newFolder({ 'app/static/x': '' });
    const root = {
      dir: path.join(dir, 'app/static'),
      prefix: '',
      setting: 'installedApps[0] (app)',
      vendor: false,
    };
    const surroundings = { baseDir: dir, cacheDir: '/cache', mediaRoot: undefined, roots: [root] };
    expect(checkDestination({ dir: root.dir, key: KEY }, surroundings)).toMatchObject([
      { code: 'E002', message: `'${root.dir}' is also a search root (installedApps[0] (app)).` },
    ]);
  });

  it.each(['www', 'link'])('are refused if it contains one, as with %s', (staticRoot) => {
    const dir = newFolder({ 'www/src/x': '', link: { link: 'www' } });
    expect(check(dir, staticRoot, { sources: ['www/src'] })).toEqual([
      {
        code: 'E015',
        key: KEY,
        message: `'${path.join(dir, staticRoot)}' must not contain the search root '${path.join(dir, 'www/src')}' (staticfilesDirs[0]).`,
      },
    ]);
  });

  it('give one problem for each source', () => {
    const dir = newFolder({ 'www/a/x': '', 'www/b/x': '' });
    const messages = check(dir, 'www', { sources: ['www/a', 'www/b', 'www'] });
    expect(messages.map(({ code }) => code)).toEqual(['E015', 'E015', 'E002']);
  });

  it.each(['static/out', 'link/out'])('get a warning if it is inside one, as with %s', (staticRoot) => {
    const dir = newFolder({ 'static/x': '', link: { link: 'static' } });
    expect(check(dir, staticRoot, { sources: ['static'] })).toEqual([
      {
        code: 'W017',
        key: KEY,
        message: `'${path.join(dir, staticRoot)}' is inside the search root '${path.join(dir, 'static')}' (staticfilesDirs[0]), and is not searched.`,
      },
    ]);
  });

  it('may begin with the same name', () => {
    const dir = newFolder({ 'static/x': '', 'static-out/x': '' });
    expect(check(dir, 'static-out', { sources: ['static'] })).toEqual([]);
  });
});

describe('a destination and its neighbours', () => {
  it.each([
    ['out', 'out'],
    ['out', 'out/media'],
    ['media/static', 'media'],
  ])('staticRoot %s, mediaRoot %s: refused', (staticRoot, mediaRoot) => {
    const dir = newFolder();
    expect(check(dir, staticRoot, { mediaRoot })).toEqual([
      {
        code: 'E012',
        key: KEY,
        message: expect.stringContaining(`mediaRoot, '${path.join(dir, mediaRoot)}'`),
      },
    ]);
  });

  it('must not contain the cache, which --clear would delete', () => {
    const dir = newFolder();
    fs.mkdirSync(path.join(dir, 'out'));
    expect(check(dir, 'out', { cacheDir: 'out/.cache' })).toEqual([
      { code: 'E016', key: KEY, message: expect.stringContaining(`'${path.join(dir, 'out/.cache')}'`) },
    ]);
  });
});
