import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import type { ServeOptions } from '../../src/serve/options.js';
import { serve } from '../../src/serve/serve.js';
import { filesystemStorage } from '../../src/storages/filesystem/filesystem.js';
import { builtSettings } from '../support/built-settings.js';
import { ask } from './support/ask.js';
import { FINGERPRINTED, newSite, type Site } from './support/site.js';

const CSS = '.selector { color: red; background: white }\n'.repeat(80);
const FILES = { 'css/app.css': CSS, 'js/app.js': 'export {};', 'robots.txt': 'robots' };
const IMMUTABLE = 'public, max-age=31536000, immutable';

function start(site: Site, options: ServeOptions = {}) {
  return serve({ manifest: site.manifest, env: {}, ...options });
}

/** Changes a JSON file and writes it with another program's layout. */
function rewriteJson(
  file: string,
  change: (content: { readonly files: Record<string, { readonly encodings: object }> }) => void,
  indent?: number,
): void {
  const content = JSON.parse(fs.readFileSync(file, 'utf8'));
  change(content);
  fs.writeFileSync(file, JSON.stringify(content, null, indent));
}

function replaceWithLink(file: string, target: string): void {
  fs.rmSync(file);
  fs.symlinkSync(target, file);
}

describe('a manifest', () => {
  test('names all files that are served', async () => {
    const site = await newSite(FILES);
    site.write({ 'root/stray.txt': 'stray', 'root/css/.hidden.css': 'hidden' });
    const statics = await start(site);
    expect(await ask(statics, '/static/css/app.css')).toMatchObject({ status: 200, text: CSS });
    expect(await ask(statics, site.url('css/app.css'))).toMatchObject({ status: 200, text: CSS });
    for (const name of [
      'stray.txt',
      'css/.hidden.css',
      'staticfiles.json',
      'staticfiles.details.json',
      'css',
    ]) {
      expect([name, (await ask(statics, `/static/${name}`))?.status]).toEqual([name, 404]);
    }
  });

  test('can name files that begin with a dot', async () => {
    const site = await newSite({ '.hidden/b.txt': 'b' }, FINGERPRINTED, { defaultIgnore: false });
    const statics = await start(site);
    expect((await ask(statics, '/static/.hidden/b.txt'))?.text).toBe('b');
  });

  test('decides which names are cached forever', async () => {
    const site = await newSite(
      { ...FILES, 'build/index.0123456789ab.js': '1;', 'icons/a.deadbeef.png': 'png' },
      { postProcess: [['fingerprint', { prehashed: ['build/**'] }], 'compress'] },
    );
    const statics = await start(site);
    const cached = async (url: string) => (await ask(statics, url))?.headers['cache-control'];
    expect(await cached(site.url('css/app.css'))).toBe(IMMUTABLE);
    expect(await cached(site.url('icons/a.deadbeef.png'))).toBe(IMMUTABLE);
    expect(await cached('/static/icons/a.deadbeef.png')).toBe('public, max-age=60');
    expect(await cached('/static/build/index.0123456789ab.js')).toBe(IMMUTABLE);
  });

  test('can leave out plain names', async () => {
    const site = await newSite(FILES, { postProcess: [['fingerprint', { originals: false }]] });
    const statics = await start(site);
    expect((await ask(statics, '/static/css/app.css'))?.status).toBe(404);
    expect((await ask(statics, site.url('css/app.css')))?.status).toBe(200);
  });

  test.each([
    ['indented', 2],
    ['on one line', undefined],
  ])('can have another program’s layout: %s', async (_, indent) => {
    const site = await newSite(FILES);
    rewriteJson(site.manifest, () => {}, indent);
    rewriteJson(site.path('root/staticfiles.details.json'), () => {}, indent);
    const statics = await start(site);
    expect(await ask(statics, site.url('css/app.css'))).toMatchObject({
      status: 200,
      headers: { 'cache-control': IMMUTABLE, vary: 'Accept-Encoding' },
    });
    expect((await ask(statics, '/static/constructor'))?.status).toBe(404);
  });

  test('needs no details: types and variants are found by name', async () => {
    const site = await newSite(FILES);
    fs.rmSync(site.path('root/staticfiles.details.json'));
    const statics = await start(site);
    const url = site.url('css/app.css');
    const { headers } = (await ask(statics, url, { 'accept-encoding': 'br' }))!;
    expect(headers).toMatchObject({
      'content-type': 'text/css; charset=utf-8',
      'content-encoding': 'br',
      'cache-control': IMMUTABLE,
    });
    expect((await ask(statics, '/static/js/app.js'))?.text).toBe('export {};');
    expect((await ask(statics, '/static/none.js'))?.status).toBe(404);
  });

  test('names a file that was replaced: it is not cached forever, and its variants are not sent', async () => {
    const site = await newSite(FILES);
    const url = site.url('css/app.css');
    const before = await ask(await start(site), url);
    fs.writeFileSync(path.join(site.path('root'), decodeURI(url.slice('/static/'.length))), 'b{}');
    const statics = await start(site);
    const after = await ask(statics, url);
    expect(after).toMatchObject({
      status: 200,
      text: 'b{}',
      headers: { 'cache-control': 'public, max-age=60' },
    });
    expect(after?.headers.etag).not.toBe(before?.headers.etag);
    const compressed = await ask(statics, url, { 'accept-encoding': 'br' });
    expect(compressed?.text).toBe('b{}');
  });

  test.each([
    ['missing', (file: string) => fs.rmSync(file)],
    ['of another size', (file: string) => fs.appendFileSync(file, 'more')],
  ])('names a variant that is %s: the next best one is sent', async (_, damage) => {
    const site = await newSite(FILES);
    const url = site.url('css/app.css');
    damage(`${path.join(site.path('root'), url.slice('/static/'.length))}.br`);
    const statics = await start(site);
    const { headers } = (await ask(statics, url, { 'accept-encoding': 'br, gzip' }))!;
    expect(headers['content-encoding']).toBe('gzip');
    expect((await ask(statics, url, { 'accept-encoding': 'br' }))?.text).toBe(CSS);
  });

  test('can name variants in zstd', async () => {
    const site = await newSite(FILES);
    const publicPath = site.url('css/app.css').slice('/static/'.length);
    fs.writeFileSync(site.path(`root/${publicPath}.zst`), 'zstd');
    rewriteJson(site.path('root/staticfiles.details.json'), ({ files }) => {
      Object.assign(files[publicPath]!.encodings, { zstd: { path: `${publicPath}.zst`, size: 4 } });
    });
    const statics = await start(site);
    const reply = await ask(statics, site.url('css/app.css'), { 'accept-encoding': 'gzip, br, zstd' });
    expect([reply?.headers['content-encoding'], reply?.text]).toEqual(['zstd', 'zstd']);
  });

  test('names a missing file, which is answered with 404', async () => {
    const site = await newSite(FILES);
    fs.rmSync(site.path('root/robots.txt'));
    expect(await ask(await start(site), '/static/robots.txt')).toMatchObject({
      status: 404,
      headers: { 'cache-control': 'no-store' },
    });
  });

  test.each([
    ['is missing', (manifest: string) => fs.rmSync(manifest), /There is no manifest/],
    ['is truncated', (manifest: string) => fs.truncateSync(manifest, 40), /is damaged/],
    ['has no paths', (manifest: string) => fs.writeFileSync(manifest, '{}'), /has no 'paths'/],
    [
      'has an unknown version',
      (manifest: string) => fs.writeFileSync(manifest, '{"paths": {}, "version": "9"}'),
      /version: "9"/,
    ],
    [
      'is a FIFO',
      (manifest: string) => {
        fs.rmSync(manifest);
        execFileSync('mkfifo', [manifest]);
      },
      /it is a FIFO, not a file/,
    ],
    [
      'has a FIFO in place of its details',
      (manifest: string) => {
        fs.rmSync(manifest.replace('.json', '.details.json'));
        execFileSync('mkfifo', [manifest.replace('.json', '.details.json')]);
      },
      /it is a FIFO, not a file/,
    ],
    [
      'is a device',
      (manifest: string) => replaceWithLink(manifest, '/dev/zero'),
      /it is a device, not a file/,
    ],
    [
      'has damaged details',
      (manifest: string) => fs.writeFileSync(manifest.replace('.json', '.details.json'), '{"files": {}}'),
      /does not contain details of version/,
    ],
  ])('that %s is an error', async (_, damage, message) => {
    const site = await newSite(FILES);
    damage(site.manifest);
    await expect(start(site)).rejects.toThrow(
      expect.objectContaining({ code: 'target', message: expect.stringMatching(message) }),
    );
  });

  describe('whose details are from another run', () => {
    const SITE = { ...FILES, 'fixed/app.css': CSS };
    const FIXED = { postProcess: [['fingerprint', { exclude: ['fixed/**', '*.txt'] }], 'compress'] };

    /** Publishes a manifest beside the details of the next run, as if that was killed between the two. */
    async function killed() {
      const site = await newSite(SITE, FIXED);
      const manifest = fs.readFileSync(site.manifest);
      const old = site.url('css/app.css');
      site.write({
        'static/css/app.css': `${CSS}new{}`,
        'static/fixed/app.css': `${CSS}fixed{}`,
        'static/robots.txt': 'ROBOTS',
        'static/added.txt': 'added',
      });
      fs.rmSync(site.path('static/js'), { recursive: true });
      await site.collect();
      fs.writeFileSync(site.manifest, manifest);
      return { site, old };
    }

    test('is served whole, with one warning', async () => {
      const { site, old } = await killed();
      const onWarning = vi.fn();
      const statics = await start(site, { onWarning });
      await statics.reload();
      expect(onWarning.mock.calls).toEqual([[expect.objectContaining({ code: 'mixed-runs' })]]);
      for (const encoding of ['identity', 'gzip', 'br']) {
        const accept = { 'accept-encoding': encoding };
        const reply = await ask(statics, old, accept);
        expect(reply).toMatchObject({
          status: 200,
          headers: { 'cache-control': IMMUTABLE, 'content-type': 'text/css; charset=utf-8' },
        });
        expect(reply?.headers['content-encoding'] ?? 'identity').toBe(encoding);
      }
      expect((await ask(statics, old))?.text).toBe(CSS);
      expect((await ask(statics, '/static/js/app.js'))?.text).toBe('export {};');
      expect((await ask(statics, '/static/added.txt'))?.status).toBe(404);
    });

    test('sends a variant of a plain name only if it decodes to the file', async () => {
      const { site } = await killed();
      fs.writeFileSync(site.path('root/fixed/app.css'), CSS); // as if killed before this file too
      const statics = await start(site, { onWarning() {} });
      const fixed = await ask(statics, '/static/fixed/app.css', { 'accept-encoding': 'br' });
      expect([fixed?.headers['content-encoding'], fixed?.text]).toEqual([undefined, CSS]);
      expect(await ask(statics, '/static/robots.txt')).toMatchObject({ status: 200, text: 'ROBOTS' });
    });

    test('knows fingerprints that only the manifest names', async () => {
      const { site, old } = await killed();
      rewriteJson(site.path('root/staticfiles.details.json'), (content) => {
        Object.assign(content, { files: {} });
      });
      const statics = await start(site, { onWarning() {} });
      const { headers } = (await ask(statics, old, { 'accept-encoding': 'br' }))!;
      expect(headers).toMatchObject({ 'content-encoding': 'br', 'cache-control': IMMUTABLE });
    });
  });

  test('can be outside of the public folder, where the settings put it', async () => {
    const site = await newSite(FILES, {
      ...FINGERPRINTED,
      manifest: { storage: { options: { location: 'private' } } },
    });
    const statics = await serve({ settings: site.path('staticfiles.config.json'), env: {} });
    expect(await ask(statics, '/static/css/app.css')).toMatchObject({ status: 200, text: CSS });
    expect((await ask(statics, '/static/staticfiles.json'))?.status).toBe(404);
  });
});

test('a storage that is not a folder on this machine needs the option root', async () => {
  const site = await newSite(FILES);
  const { folder: _, ...elsewhere } = filesystemStorage({}, builtSettings(site, {}));
  const settings = builtSettings(site, {}, { storage: elsewhere });
  await expect(serve({ settings, env: {} })).rejects.toThrow(
    /'filesystem', which is not a folder on this machine/,
  );
  const statics = await serve({ settings, env: {}, root: site.path('root') });
  expect((await ask(statics, '/static/robots.txt'))?.text).toBe('robots');
});

describe('a reload', () => {
  test('switches to the new manifest, and not before', async () => {
    const site = await newSite(FILES);
    const statics = await start(site);
    const old = site.url('css/app.css');
    expect((await ask(statics, '/static/css/app.css'))?.text).toBe(CSS);
    site.write({ 'static/css/app.css': 'new{}', 'static/css/more.css': 'more{}' });
    await site.collect();
    expect((await ask(statics, '/static/css/more.css'))?.status).toBe(404);
    expect((await ask(statics, '/static/css/app.css'))?.text).toBe(CSS);
    await statics.reload();
    expect((await ask(statics, '/static/css/more.css'))?.text).toBe('more{}');
    expect((await ask(statics, '/static/css/app.css'))?.text).toBe('new{}');
    expect(await ask(statics, site.url('css/app.css'))).toMatchObject({ text: 'new{}' });
    expect((await ask(statics, old))?.headers['cache-control']).toBe('no-store');
  });

  test('that fails keeps the old manifest', async () => {
    const site = await newSite(FILES);
    const statics = await start(site);
    fs.writeFileSync(site.manifest, '{');
    await expect(statics.reload()).rejects.toThrow(/is damaged/);
    expect((await ask(statics, '/static/css/app.css'))?.text).toBe(CSS);
    await site.collect();
    await statics.reload();
    expect((await ask(statics, '/static/css/app.css'))?.text).toBe(CSS);
  });

  test('waits for an earlier one', async () => {
    const site = await newSite(FILES);
    const statics = await start(site);
    site.write({ 'static/robots.txt': 'two' });
    await site.collect();
    const first = statics.reload();
    const second = statics.reload();
    await Promise.all([first, second]);
    expect((await ask(statics, '/static/robots.txt'))?.text).toBe('two');
  });
});

describe('an unknown fingerprint', () => {
  /** Copies the manifest of a site and its details to a release's folder. */
  function keepAs(site: Site, release: string): void {
    fs.mkdirSync(site.path('root', release), { recursive: true });
    for (const name of ['staticfiles.json', 'staticfiles.details.json']) {
      fs.copyFileSync(site.path('root', name), site.path('root', release, name));
    }
  }

  /** Returns a site with an earlier release whose files still exist, and the URL of one of them. */
  async function deployedTwice(): Promise<{ readonly site: Site; readonly old: string }> {
    const site = await newSite(FILES);
    keepAs(site, 'v1');
    const old = site.url('css/app.css');
    site.write({ 'static/css/app.css': `${CSS}/* two */` });
    await site.collect();
    keepAs(site, 'v2');
    return { site, old };
  }

  test('is looked up in earlier releases', async () => {
    const { site, old } = await deployedTwice();
    const statics = await start(site);
    expect(await ask(statics, old, { 'accept-encoding': 'br' })).toMatchObject({
      status: 200,
      headers: {
        'cache-control': IMMUTABLE,
        'content-encoding': 'br',
        'content-type': 'text/css; charset=utf-8',
      },
    });
    expect((await ask(statics, old))?.text).toBe(CSS);
  });

  test('is looked up in later releases, even if they were published after the start', async () => {
    const { site, old } = await deployedTwice();
    const statics = await start(site, { release: 'v1' });
    const { text } = (await ask(statics, site.url('css/app.css')))!;
    expect(text).toBe(`${CSS}/* two */`);
    expect((await ask(statics, old))?.text).toBe(CSS);
    site.write({ 'static/css/app.css': `${CSS}/* three */` });
    await site.collect();
    keepAs(site, 'v3');
    expect((await ask(statics, site.url('css/app.css')))?.text).toBe(`${CSS}/* three */`);
  });

  test('is answered with 404 if no release has it or its file is missing', async () => {
    const { site, old } = await deployedTwice();
    fs.rmSync(site.path('root', old.slice('/static/'.length)));
    const statics = await start(site);
    const gone = { status: 404, headers: { 'cache-control': 'no-store' } };
    expect(await ask(statics, old)).toMatchObject(gone);
    expect(await ask(statics, '/static/css/app.000000000000.css')).toMatchObject(gone);
  });

  test('is found in spite of folders that only look like releases', async () => {
    const { site, old } = await deployedTwice();
    site.write({
      'root/one/staticfiles.json': '',
      'root/two/staticfiles.json': 'not JSON\n"at all',
      'root/three/staticfiles.json': '[\n"css/app.css"\n]',
      'root/four/staticfiles.json': '{"paths": {\n"css/app.css": 5\n}}\n',
    });
    const statics = await start(site);
    expect((await ask(statics, old))?.text).toBe(CSS);
    expect((await ask(statics, '/static/css/app.000000000000.css'))?.status).toBe(404);
  });

  test('that no file has does not open any manifest', async () => {
    const { site } = await deployedTwice();
    const statics = await start(site);
    const open = vi.spyOn(fs, 'openSync');
    for (let index = 0; index < 100; index++) {
      const hash = index.toString(16).padStart(12, '0');
      expect((await ask(statics, `/static/css/app.${hash}.css`))?.status).toBe(404);
    }
    expect(open).not.toHaveBeenCalled();
    open.mockRestore();
  });

  test('of a file that no release names is searched once, however it is escaped', async () => {
    const { site } = await deployedTwice();
    site.write({ 'root/css/left.0123456789ab.css': 'left over' });
    const statics = await start(site);
    const open = vi.spyOn(fs, 'openSync');
    const status = async (name: string) => (await ask(statics, `/static/css/${name}`))?.status;
    expect(await status('left.0123456789ab.css')).toBe(404);
    const { length } = open.mock.calls;
    expect(await status('%6ceft.0123456789ab.css')).toBe(404);
    expect(await status('l%65ft.0123456789ab.css')).toBe(404);
    expect([length > 0, open.mock.calls.length]).toEqual([true, length]);
    open.mockRestore();
    keepAs(site, 'v9');
    const paths = { 'css/left.css': 'css/left.0123456789ab.css' };
    site.write({ 'root/v9/staticfiles.json': `{"paths": {\n${JSON.stringify(paths).slice(1, -1)}\n}}\n` });
    expect(await status('left.0123456789ab.css')).toBe(200);
  });

  test('is found after a copy has overwritten the manifest in place', async () => {
    const { site } = await deployedTwice();
    const statics = await start(site);
    const old = fs.readFileSync(site.manifest, 'utf8');
    site.write({ 'root/css/late.0123456789ab.css': 'late' });
    expect((await ask(statics, '/static/css/late.0123456789ab.css'))?.status).toBe(404);
    fs.writeFileSync(
      site.manifest,
      old.replace(/"js\/app.js"/, '"css/late.css": "css/late.0123456789ab.css",\n"js/app.js"'),
    );
    expect((await ask(statics, '/static/css/late.0123456789ab.css'))?.status).toBe(200);
  });

  test('is not searched in a FIFO', async () => {
    const { site } = await deployedTwice();
    site.write({
      'root/css/left.0123456789ab.css': 'left over',
      'root/v3/staticfiles.json': { fifo: true },
      'root/v4/staticfiles.json/a': 'a folder',
    });
    const statics = await start(site);
    expect((await ask(statics, '/static/css/left.0123456789ab.css'))?.status).toBe(404);
  });

  test('the release comes from RELEASE_ID', async () => {
    const { site } = await deployedTwice();
    const statics = await serve({ manifest: site.manifest, env: { RELEASE_ID: 'v1' } });
    expect((await ask(statics, '/static/robots.txt'))?.text).toBe('robots');
    await expect(serve({ manifest: site.manifest, env: { RELEASE_ID: 'v9' } })).rejects.toThrow(
      /no manifest/,
    );
    await expect(serve({ manifest: site.manifest, env: {}, release: '../v1' })).rejects.toThrow(
      /Invalid release/,
    );
  });
});

describe('without a manifest', () => {
  const PLAIN = { 'css/app.css': CSS, 'img/a.png': 'png', 'a.0123456789ab.txt': 'hash' };

  async function startPlain(tree: Parameters<Site['write']>[0] = {}, options: ServeOptions = {}) {
    const site = await newSite(PLAIN, {});
    site.write(tree);
    return {
      site,
      statics: await serve({ settings: site.path('staticfiles.config.json'), env: {}, ...options }),
    };
  }

  test('the files that the folder contains at the start are served', async () => {
    const { site, statics } = await startPlain();
    expect(await ask(statics, '/static/css/app.css')).toMatchObject({
      status: 200,
      text: CSS,
      headers: { 'cache-control': 'public, max-age=60', 'content-type': 'text/css; charset=utf-8' },
    });
    expect((await ask(statics, '/static/a.0123456789ab.txt'))?.headers['cache-control']).toBe(
      'public, max-age=60',
    );
    site.write({ 'root/new.txt': 'new' });
    expect((await ask(statics, '/static/new.txt'))?.status).toBe(404);
    await statics.reload();
    expect((await ask(statics, '/static/new.txt'))?.text).toBe('new');
  });

  test('names that begin with a dot are not served, except .well-known', async () => {
    const { statics } = await startPlain({
      'root/.env': 'secret',
      'root/.git/config': 'secret',
      'root/css/.app.css': 'secret',
      'root/.well-known/security.txt': 'contact',
    });
    for (const name of ['.env', '.git/config', 'css/.app.css']) {
      expect([name, (await ask(statics, `/static/${name}`))?.status]).toEqual([name, 404]);
    }
    expect((await ask(statics, '/static/.well-known/security.txt'))?.text).toBe('contact');
  });

  const LINKS = {
    'outside/a.txt': 'outside',
    'root/inside.css': { link: 'css/app.css' },
    'root/folder': { link: 'css' },
    'root/loop': { link: '.' },
    'root/file.txt': { link: '../outside/a.txt' },
    'root/outside': { link: '../outside' },
    'root/dangling.txt': { link: 'none.txt' },
    'root/fifo.txt': { fifo: true },
  } as const;

  test('links may point inside of the folder, but not outside', async () => {
    const { statics } = await startPlain(LINKS);
    expect((await ask(statics, '/static/inside.css'))?.text).toBe(CSS);
    expect((await ask(statics, '/static/folder/app.css'))?.text).toBe(CSS);
    for (const name of ['file.txt', 'outside/a.txt', 'dangling.txt', 'fifo.txt', 'loop/css/app.css']) {
      expect([name, (await ask(statics, `/static/${name}`))?.status]).toEqual([name, 404]);
    }
  });

  test('links may point outside of the folder with followLinks', async () => {
    const { statics } = await startPlain(LINKS, { followLinks: true });
    expect((await ask(statics, '/static/file.txt'))?.text).toBe('outside');
    expect((await ask(statics, '/static/outside/a.txt'))?.text).toBe('outside');
    expect((await ask(statics, '/static/loop/css/app.css'))?.status).toBe(404);
  });

  test('a file that was replaced with a link to the outside is not served', async () => {
    const { site, statics } = await startPlain({ 'outside/a.txt': 'outside' });
    fs.rmSync(site.path('root/img/a.png'));
    fs.symlinkSync(site.path('outside/a.txt'), site.path('root/img/a.png'));
    expect((await ask(statics, '/static/img/a.png'))?.status).toBe(404);
  });

  test('a variant that does not belong to its file is read once, however the path is escaped', async () => {
    const { brotliCompressSync } = await import('node:zlib');
    const site = await newSite(PLAIN, {});
    fs.writeFileSync(site.path('root/css/app.css.br'), brotliCompressSync(`${CSS} `));
    const statics = await serve({ settings: site.path('staticfiles.config.json'), env: {} });
    const open = vi.spyOn(fs.promises, 'open');
    for (const name of ['css/app.css', 'css/%61pp.css', 'css/a%70p.css', 'css/app.%63ss']) {
      expect((await ask(statics, `/static/${name}`, { 'accept-encoding': 'br' }))?.text).toBe(CSS);
    }
    const variants = open.mock.calls.filter(([file]) => String(file).endsWith('.br'));
    expect(variants).toHaveLength(1);
    open.mockRestore();
  });

  test('a variant is sent only if it decodes to its file', async () => {
    const { gzipSync, brotliCompressSync } = await import('node:zlib');
    const site = await newSite(PLAIN, {});
    fs.writeFileSync(site.path('root/css/app.css.gz'), gzipSync(CSS));
    fs.writeFileSync(site.path('root/css/app.css.br'), brotliCompressSync(`${CSS} `));
    fs.writeFileSync(site.path('root/img/a.png.gz'), gzipSync(Buffer.alloc(100_000_000)));
    fs.writeFileSync(site.path('root/img/a.png.br'), 'not brotli');
    const statics = await serve({ settings: site.path('staticfiles.config.json'), env: {} });
    const coding = async (name: string) =>
      (await ask(statics, `/static/${name}`, { 'accept-encoding': 'gzip, br' }))?.headers['content-encoding'];
    expect(await coding('css/app.css')).toBe('gzip');
    expect(await coding('img/a.png')).toBeUndefined();
  });
});
