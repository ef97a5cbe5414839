import { describe, expect, test, vi } from 'vitest';
import { headerPairs } from '../../../src/serve/answer.js';
import { type AnswererOptions, createAnswerer } from '../../../src/serve/answering/answer-requests.js';
import type { Mount } from '../../../src/serve/answering/mount.js';
import type { FileSource } from '../../../src/serve/files/file-source.js';
import { hostRefused } from '../../../src/serve/http/refusals.js';
import { newProject, type Project } from '../../support/project.js';
import { ask } from '../support/ask.js';

const FILES = {
  'index.html': '<p>home',
  'a.txt': 'text',
  'page.html': '<p>page',
  'docs/index.html': '<p>docs',
  'docs/a b/index.html': '<p>spaces',
  'pics/1.png': 'png',
};

function sourceOf(project: Project, live: boolean): FileSource {
  const names = project.texts('files');
  return {
    live,
    find: (publicPath) =>
      publicPath in names
        ? {
            publicPath,
            file: project.path('files', publicPath),
            mediaType: publicPath.endsWith('.html') ? 'text/html' : 'text/plain',
            fingerprinted: false,
            encodings: [],
          }
        : undefined,
    isFingerprint: (publicPath) => /\.[0-9a-f]{12}\./.test(publicPath),
  };
}

interface Served extends Partial<Mount> {
  readonly files?: Readonly<Record<string, string>>;
  readonly live?: boolean;
}

/** Serves mounts, each with files of its own. */
function answering(mounts: readonly Served[], options: Partial<AnswererOptions> = {}) {
  const projects: Project[] = [];
  const all = mounts.map(({ files = FILES, live = false, ...mount }): Mount => {
    const project = newProject(
      Object.fromEntries(Object.entries(files).map(([name, text]) => [`files/${name}`, text])),
    );
    projects.push(project);
    return { base: '/static/', leaves: 'none', source: sourceOf(project, live), ...mount };
  });
  const finds = all.map(({ source }) => vi.spyOn(source, 'find'));
  const policy = { cacheControl: () => undefined, isShared: () => false, more: () => ({}) };
  const answerer = createAnswerer({ mounts: all, policy, cacheSize: 1024 * 1024, ...options });
  return {
    answerer,
    projects,
    finds,
    /** Status, and where it redirects or the text; `undefined` if it falls through. */
    async get(path: string, method?: string, headers = {}) {
      const answered = await ask(answerer, path, headers, method);
      return answered && [answered.status, answered.headers.location ?? answered.text];
    },
  };
}

const PAGES = { indexFiles: ['index.html'], extensions: ['html'] };
const NOT_ALLOWED = [405, 'Method not allowed.\n'];

describe('a request that no file answers', () => {
  const paths = ['/static/none', '/static/a.0123456789ab.txt', '/static/%zz', '/static/docs', '/static'];

  test.each<[Mount['leaves'], readonly unknown[]]>([
    ['none', [404, 404, 400, 301, 301]],
    ['unknown', [undefined, 404, undefined, 301, 301]],
    ['all', [undefined, undefined, undefined, 301, 301]],
  ])('gets an answer or falls through: %s', async (leaves, expected) => {
    const { get } = answering([{ leaves, pages: PAGES }]);
    const statuses = await Promise.all(paths.map(async (path) => (await get(path))?.[0]));
    expect(statuses).toEqual(expected);
    const ofHead = await Promise.all(paths.map((path) => get(path, 'HEAD')));
    expect(ofHead.map((each) => each?.[0])).toEqual(expected);
  });

  test.each<[Mount['leaves'], readonly unknown[]]>([
    ['none', [405, 405, 405, 405, undefined, 405]],
    ['unknown', [undefined, undefined, undefined, undefined, undefined, 405]],
    ['all', [undefined, undefined, undefined, undefined, undefined, 405]],
  ])('gets an answer or falls through with POST: %s', async (leaves, expected) => {
    const { get } = answering([{ leaves, pages: PAGES }]);
    const all = [...paths, '/static/a.txt'];
    const statuses = await Promise.all(all.map(async (path) => (await get(path, 'POST'))?.[0]));
    expect(statuses).toEqual(expected);
  });

  test('falls through if it is elsewhere, whatever its method', async () => {
    const { get } = answering([{ pages: PAGES }]);
    for (const path of ['/', '/statics/a.txt', '/a.txt', '*', ''])
      for (const method of ['GET', 'HEAD', 'POST']) expect(await get(path, method)).toBeUndefined();
    expect(await ask(answering([{}]).answerer, undefined as unknown as string)).toBeUndefined();
  });

  test('falls through at the base without its slash if the folder has no page', async () => {
    expect(await answering([{}]).get('/static')).toBeUndefined();
    expect(await answering([{}]).get('/static/')).toEqual([404, '']);
  });

  test('goes to the next folder of files', async () => {
    const { get } = answering([
      { leaves: 'unknown' },
      { base: '/', files: { 'static/more.txt': 'more', 'static/a.txt': 'another', 'top.txt': 'top' } },
    ]);
    expect(await get('/static/more.txt')).toEqual([200, 'more']);
    expect(await get('/static/a.txt')).toEqual([200, 'text']);
    expect(await get('/top.txt')).toEqual([200, 'top']);
    expect(await get('/static/none.txt')).toEqual([404, '']);
    expect(await get('/static/more.txt', 'POST')).toEqual(NOT_ALLOWED);
  });
});

describe('a redirect', () => {
  test.each([
    ['/static', '/static/'],
    ['/static?a=/b', '/static/?a=/b'],
    ['/static/docs', '/static/docs/'],
    ['/static/docs?a=1&b', '/static/docs/?a=1&b'],
    ['/static/docs?a=1#b', '/static/docs/?a=1'],
    ['/static/docs#b', '/static/docs/'],
    ['/static/docs/a%20b', '/static/docs/a%20b/'],
    ['/static/page/', '/static/page'],
    ['/static/page/?a=1', '/static/page?a=1'],
  ])('of %s goes to %s', async (path, location) => {
    const { get, answerer } = answering([{ pages: PAGES }]);
    expect(await get(path)).toEqual([301, location]);
    expect(await ask(answerer, path, {}, 'HEAD')).toMatchObject({ status: 301, text: '' });
  });

  test('is not made for a folder that has no page, or a page without its extension', async () => {
    const { get } = answering([{ pages: PAGES }]);
    for (const path of ['/static/pics', '/static/pics/', '/static/none/', '/static/a.txt/'])
      expect(await get(path)).toEqual([404, '']);
    expect(await get('/static/page')).toEqual([200, '<p>page']);
    expect(await answering([{}]).get('/static/page/')).toEqual([404, '']);
  });
});

describe('a folder', () => {
  const list = async (folder: string) =>
    folder === 'docs/a b/' || folder === 'pics/' ? `<p>list ${folder}` : undefined;

  test('is listed if it has no index file', async () => {
    const { get, answerer } = answering([{ list }]);
    expect(await get('/static/pics/')).toEqual([200, '<p>list pics/']);
    expect(await get('/static/docs/a%20b/')).toEqual([200, '<p>list docs/a b/']);
    expect(await get('/static/pics')).toEqual([301, '/static/pics/']);
    expect(await get('/static/none/')).toEqual([404, '']);
    const head = await ask(answerer, '/static/pics/', {}, 'HEAD');
    expect(head).toMatchObject({ status: 200, text: '', headers: { 'content-length': '13' } });
  });

  test('that is not listed falls through where unknown names do', async () => {
    const { get } = answering([{ list, leaves: 'unknown' }]);
    expect(await get('/static/none/')).toBeUndefined();
    expect(await get('/static/none')).toBeUndefined();
    expect(await get('/static/pics')).toEqual([301, '/static/pics/']);
  });

  test('is not listed if it has one', async () => {
    const { get } = answering([{ list, pages: PAGES }]);
    expect(await get('/static/docs/a%20b/')).toEqual([200, '<p>spaces']);
    expect(await get('/static/pics/')).toEqual([200, '<p>list pics/']);
  });
});

describe('the page of a single-page application', () => {
  const pages = { ...PAGES, fallback: 'index.html' };

  test('comes after the files of later folders', async () => {
    const { get } = answering([
      { base: '/', leaves: 'unknown', pages },
      { base: '/', files: { more: 'more' } },
    ]);
    expect(await get('/more')).toEqual([200, 'more']);
  });

  test('is for readers of unknown names only', async () => {
    const { get } = answering([{ pages }]);
    expect(await get('/static/users')).toEqual([200, '<p>home']);
    expect(await get('/static/users', 'HEAD')).toEqual([200, '']);
    expect(await get('/static/users', 'POST')).toEqual(NOT_ALLOWED);
    expect(await get('/static/users', 'GET', { accept: 'image/png' })).toEqual([404, '']);
    expect(await get('/static/a.0123456789ab.txt')).toEqual([404, '']);
    expect(await get('/static/%zz')).toEqual([400, 'Bad request: the path has an invalid escape.\n']);
    expect(await get('/users')).toBeUndefined();
  });

  test('is a 404 if its file is missing, and falls through where unknown names do', async () => {
    const missing = { ...PAGES, fallback: 'none.html' };
    expect(await answering([{ pages: missing }]).get('/static/users')).toEqual([404, '']);
    expect(await answering([{ pages: missing, leaves: 'unknown' }]).get('/static/users')).toBeUndefined();
  });

  test('is marked, and depends on what a client accepts', async () => {
    const { answerer } = answering([{ pages }]);
    const answered = await answerer.answer({ method: 'GET', url: '/static/users', headers: {} });
    expect(answered?.isFallback).toBe(true);
    expect(answered?.headers.filter((each) => each === 'vary')).toHaveLength(1);
    expect(answered?.headers[answered.headers.indexOf('vary') + 1]).toBe('Accept');
    const file = await answerer.answer({ method: 'GET', url: '/static/index.html', headers: {} });
    expect(file).not.toHaveProperty('isFallback');
    expect(file?.headers).not.toContain('vary');
  });
});

test('the page of a single-page application has one Vary, which joins what its file varies by', async () => {
  const policy = { cacheControl: () => undefined, isShared: () => false, more: () => ({ vary: 'Origin' }) };
  const { answerer } = answering([{ pages: { ...PAGES, fallback: 'index.html' } }], { policy });
  const answered = await answerer.answer({ method: 'GET', url: '/static/users', headers: {} });
  const all = [...headerPairs(answered!.headers)].filter(([name]) => name === 'vary');
  expect(all).toEqual([['vary', 'Origin, Accept']]);
});

describe('a request that must not be served', () => {
  const refuse: AnswererOptions['refuse'] = ({ headers }) =>
    headers.host === 'evil.test' ? hostRefused('evil.test') : undefined;
  const evil = { host: 'evil.test' };
  const pages = { ...PAGES, fallback: 'index.html' };

  test.each([
    ['a file', '/static/a.txt', 'GET'],
    ['a missing file', '/static/none.txt', 'GET'],
    ['an unknown method', '/static/a.txt', 'POST'],
    ['a page of an application', '/static/users', 'GET'],
    ['a folder', '/static/docs', 'GET'],
  ])('is refused for %s', async (_, path, method) => {
    const { get } = answering([{ pages }], { refuse });
    expect((await get(path, method, evil))?.[0]).toBe(403);
    expect((await get(path, method, { host: 'good.test' }))?.[0]).not.toBe(403);
  });

  test('gets no body for HEAD, and is refused also where unknown names fall through to a page', async () => {
    const { get } = answering([{ pages, leaves: 'unknown' }], { refuse });
    expect(await get('/static/a.txt', 'HEAD', evil)).toEqual([403, '']);
    expect(await get('/static/users', 'HEAD', evil)).toEqual([403, '']);
    expect((await get('/static/users', 'GET', evil))?.[0]).toBe(403);
    expect(await get('/static/users', 'GET')).toEqual([200, '<p>home']);
  });

  test('is left to the application if no file answers it', async () => {
    const { get } = answering([{ leaves: 'unknown' }], { refuse });
    expect(await get('/static/none', 'GET', evil)).toBeUndefined();
    expect(await get('/elsewhere', 'GET', evil)).toBeUndefined();
  });
});

describe('files', () => {
  test('are looked up once for any number of requests and ways to escape them', async () => {
    const { get, finds } = answering([{ pages: PAGES }]);
    for (let round = 0; round < 3; round++) {
      expect(await get('/static/a.txt')).toEqual([200, 'text']);
      expect(await get('/static/a.txt', 'HEAD')).toEqual([200, '']);
      expect(await get('/static/a.txt?a=1')).toEqual([200, 'text']);
      expect(await get('/static/a.txt', 'POST')).toEqual(NOT_ALLOWED);
    }
    expect(finds[0]!.mock.calls.filter(([path]) => path === 'a.txt')).toHaveLength(4); // three of them with POST
    expect(await get('/static/%61.txt')).toEqual([200, 'text']);
    expect(await get('/static/docs/a%20b/')).toEqual([200, '<p>spaces']);
  });

  test('that are being edited are looked up and read at each request', async () => {
    const { get, finds, projects } = answering([{ live: true, pages: { ...PAGES, fallback: 'index.html' } }]);
    expect(await get('/static/a.txt')).toEqual([200, 'text']);
    projects[0]!.write({ 'files/a.txt': 'other', 'files/index.html': 'HOME' });
    expect(await get('/static/a.txt')).toEqual([200, 'other']);
    expect(finds[0]).toHaveBeenCalledTimes(2);
    expect(await get('/static/users')).toEqual([200, 'HOME']);
    projects[0]!.write({ 'files/index.html': '<p>HOME' });
    expect(await get('/static/users')).toEqual([200, '<p>HOME']);
  });

  test('of different folders of files are not mixed up', async () => {
    const { get } = answering([
      { base: '/one/', files: { 'a.txt': 'one' } },
      { base: '/two/', files: { 'a.txt': 'two' } },
    ]);
    for (let round = 0; round < 2; round++) {
      expect(await get('/one/a.txt')).toEqual([200, 'one']);
      expect(await get('/two/a.txt')).toEqual([200, 'two']);
      expect(await get('/one/%61.txt')).toEqual([200, 'one']);
      expect(await get('/two/%61.txt')).toEqual([200, 'two']);
    }
  });
});
