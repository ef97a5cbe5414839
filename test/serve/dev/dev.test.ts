import fs from 'node:fs';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { StaticFilesError } from '../../../src/errors.js';
import { serveMedia } from '../../../src/serve/dev/media.js';
import type { ServeOptions } from '../../../src/serve/options.js';
import { serve } from '../../../src/serve/serve.js';
import { foldNames } from '../../support/fold-names.js';
import { newProject, SETTINGS } from '../../support/project.js';
import type { TreeInput } from '../../support/tree.js';
import { listen } from '../support/http.js';

const TREE = {
  'static/css/app.css': 'of the project',
  'apps/shop/static/css/app.css': 'of the app',
  'apps/shop/static/css/shop.css': 'of the app alone',
  'static/docs/index.html': '<p>docs',
  'static/odd %23#?&name.txt': 'odd',
};

async function start(options: ServeOptions = {}, settings: object = {}, tree: TreeInput = TREE) {
  const project = newProject(tree, { ...SETTINGS, installedApps: ['apps/*'], ...settings });
  const found: string[] = [];
  const broken: string[] = [];
  const statics = await serve({
    dev: true,
    env: {},
    settings: project.path('staticfiles.config.json'),
    onFound: ({ sourcePath }) => found.push(sourcePath.slice(project.dir.length + 1)),
    onBroken: (message) => broken.push(message),
    ...options,
  });
  onTestFinished(() => statics.close());
  return { project, found, broken, statics, ...(await listen(statics)) };
}

describe('serve({ dev: true })', () => {
  test('serves the file that a run would collect at each request', async () => {
    const { project, found, get } = await start();
    expect(await get('/static/css/app.css')).toMatchObject({
      status: 200,
      text: 'of the project',
      headers: { 'cache-control': 'no-cache', 'content-type': 'text/css; charset=utf-8' },
    });
    fs.rmSync(project.path('static/css/app.css'));
    expect((await get('/static/css/app.css')).text).toBe('of the app');
    expect(found).toEqual(['static/css/app.css', 'apps/shop/static/css/app.css']);
  });

  test('answers with 304 if a file has not changed', async () => {
    const { project, get } = await start();
    const { etag } = (await get('/static/css/app.css')).headers;
    expect((await get('/static/css/app.css', { headers: { 'if-none-match': etag } })).status).toBe(304);
    project.write({ 'static/css/app.css': 'of another state' });
    expect((await get('/static/css/app.css', { headers: { 'if-none-match': etag } })).text).toBe(
      'of another state',
    );
  });

  test('ignores collected files', async () => {
    const { project, get } = await start();
    project.write({ 'root/left.css': 'left over', 'root/staticfiles.json': '{}' });
    expect((await get('/static/left.css')).status).toBe(404);
    expect((await get('/static/staticfiles.json')).status).toBe(404);
  });

  test('serves names with characters that URLs escape', async () => {
    const { get } = await start();
    expect((await get(`/static/${encodeURIComponent('odd %23#?&name.txt')}`)).text).toBe('odd');
  });

  test.each([
    '/static/../staticfiles.config.json',
    '/static/%2e%2e/staticfiles.config.json',
    '/static/css',
    '/static/',
  ])('answers %s with 404', async (path) => {
    expect((await (await start()).get(path)).status).toBe(404);
  });

  test('serves an index file, and the files of rootDir', async () => {
    const { project, get } = await start({ indexFile: 'index.html' });
    expect((await get('/static/docs/')).text).toBe('<p>docs');
    expect((await get('/static/docs?x')).headers.location).toBe('/static/docs/?x');
    project.write({ 'public/robots.txt': 'robots' });
    const { get: getTop } = await start({ rootDir: project.path('public') });
    expect((await getTop('/robots.txt')).text).toBe('robots');
    project.write({ 'public/new.txt': 'new' });
    expect((await getTop('/new.txt')).text).toBe('new');
  });

  test('lists the files of all finders, escaped', async () => {
    const { get } = await start({ showIndexes: true });
    const page = (await get('/static/')).text;
    expect(page).toContain('<a href="./odd%20%2523%23%3F&amp;name.txt">odd %23#?&amp;name.txt</a>');
    expect((await get('/static/css/')).text).toContain('shop.css');
    expect((await get('/static/none/')).status).toBe(404);
  });

  test('refuses to run in production unless insecure is set', async () => {
    const env = { NODE_ENV: 'production' };
    await expect(start({ env })).rejects.toThrow(StaticFilesError);
    expect((await (await start({ env, insecure: true })).get('/static/css/app.css')).status).toBe(200);
  });
});

describe('on a file system that finds a file under several names', () => {
  const SECRETS = {
    'static/js/a.js': 'a',
    'static/js/a.js.map': 'map',
    'static/private/k.txt': 'key',
    'static/.env.local': 'secret',
    'media/Photo.png': 'photo',
    'public/robots.txt': 'robots',
    'public/.env': 'secret',
  };
  const SETTINGS_WITH_MEDIA = {
    ignore: ['*.map', 'private'],
    mediaRoot: 'media',
    mediaUrl: '/media/',
  };

  test('only the name on the disk counts, so ignore patterns cannot be bypassed', async () => {
    const project = newProject(SECRETS, { ...SETTINGS, ...SETTINGS_WITH_MEDIA });
    const settings = project.path('staticfiles.config.json');
    const statics = await serve({ dev: true, env: {}, settings, rootDir: project.path('public') });
    const { get } = await listen(statics);
    foldNames(project.dir, { '_ENV~G0W.LOC': '.env.local', 'ENV~1': '.env' });
    for (const path of ['/static/js/a.js', '/media/Photo.png', '/robots.txt']) {
      expect([path, (await get(path)).status]).toEqual([path, 200]);
    }
    for (const path of [
      '/static/js/A.js',
      '/static/JS/a.js',
      '/static/js/a.js.MAP',
      '/static/js/a.js.',
      '/static/js/a.js.map%20',
      '/static/js/a.js::$DATA',
      '/static/PRIVATE/k.txt',
      '/static/_ENV~G0W.LOC',
      '/static/.env.local',
      '/media/photo.png',
      '/ROBOTS.txt',
      '/ENV~1',
      '/.env',
    ]) {
      expect([path, (await get(path)).status]).toEqual([path, 404]);
    }
  });
});

test('a name that is too long for the file system is unknown', async () => {
  const { get } = await start({ rootDir: 'static' }, { mediaRoot: 'media', mediaUrl: '/media/' });
  const long = 'x'.repeat(5000);
  for (const path of [`/static/${long}`, `/media/${long}`, `/${long}`]) {
    expect((await get(path)).status).toBe(404);
  }
});

describe('missing references in served files', () => {
  /** @param count number of messages to wait for, since files are checked after the answer */
  async function check(path: string, tree: TreeInput, count: number, settings?: object): Promise<string[]> {
    const { project, broken, get } = await start({}, settings, { ...TREE, ...tree });
    await get(path);
    await vi.waitFor(() => expect(broken.length).toBeGreaterThanOrEqual(count), { timeout: 5000 });
    if (count === 0) await new Promise((resolve) => setTimeout(resolve, 100));
    return broken.map((message) => message.replace(project.dir, ''));
  }

  test.each([
    ['a.css', "@import 'none.css';", ["/static/a.css:1:10: 'none.css' not found."]],
    ['a.js', "\nimport './none.js';", ["/static/a.js:2:9: './none.js' not found."]],
    ['a.css', "a { background: url('/static/none.png') }", [expect.stringContaining(':1:22:')]],
    ['a.css', "a { background: url('css/app.css?v=1#x') }", []],
    ['a.css', "a { background: url('https://example.com/none.png') }", []],
    ['a.js', "import('./' + name); import 'lodash';", []],
    ['a.js', "new URL('./docs/', import.meta.url);", []],
    ['a.js', "import './docs/';", ["/static/a.js:1:9: './docs/' not found."]],
    ['a.css', "@import 'css';", ["/static/a.css:1:10: 'css' not found."]],
    ['a.js', '//# sourceMappingURL=none.map', []],
    ['a.css', ':root { --icon: url(none.png) }', []],
    ['a.css', 'a {} @import "none.css";', []],
    ['a.svg', '<svg><a href="none.html"/></svg>', []],
  ])('are reported for %s: %s', async (name, text, expected) => {
    const found = await check(`/static/${name}`, { [`static/${name}`]: text }, expected.length);
    expect(found).toEqual(expected);
  });

  test('are not reported for paths under the root, which the application may serve', async () => {
    const tree = { 'static/a.css': 'a { b: url(/none.png) }' };
    expect(await check('/a.css', tree, 0, { staticUrl: '/' })).toEqual([]);
  });

  test('are not reported for npm packages, which you cannot fix', async () => {
    const lib = {
      'node_modules/lib/package.json': '{"name": "lib", "version": "1.0.0"}',
      'node_modules/lib/static/lib.css': "@import 'none.css';",
    };
    expect(await check('/static/lib.css', lib, 0, { installedApps: ['lib'] })).toEqual([]);
  });
});

describe('serveMedia', () => {
  test('serves a folder, but no links that leave it', async () => {
    const project = newProject({ 'media/a.txt': 'a', 'private.txt': 'private' });
    fs.symlinkSync(project.path('private.txt'), project.path('media/link.txt'));
    const { get } = await listen(await serveMedia({ root: project.path('media'), env: {} }));
    expect(await get('/media/a.txt')).toMatchObject({
      status: 200,
      text: 'a',
      headers: { 'cache-control': 'no-cache' },
    });
    for (const path of ['/media/link.txt', '/media/..%2fprivate.txt', '/other/a.txt', '/media/']) {
      expect((await get(path)).status).toBe(404);
    }
  });

  test('falls through in production', async () => {
    const project = newProject({ 'media/a.txt': 'a' });
    const media = await serveMedia({ root: project.path('media'), env: { NODE_ENV: 'production' } });
    expect(media.answer({ method: 'GET', url: '/media/a.txt', headers: {} })).toBeUndefined();
  });
});
