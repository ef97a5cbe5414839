import fs from 'node:fs';
import { describe, expect, it } from 'vitest';
import { loadStatic } from '../../src/runtime/load.js';
import { MissingStaticFileError } from '../../src/runtime/lookup.js';
import { newSite } from '../serve/support/site.js';
import { builtSettings } from '../support/built-settings.js';
import { newProject, SETTINGS } from '../support/project.js';

const FILES = {
  'css/app.css': "a { background: url('../img/a%20b.png') }",
  'img/a b.png': 'png',
  'a.deadbeef.js': '1;',
};

async function published(options = {}) {
  const site = await newSite(FILES);
  return { site, statics: await loadStatic({ manifest: site.manifest, env: {}, ...options }) };
}

describe('a published file', () => {
  it('is found by its logical path and by its URL', async () => {
    const { site, statics } = await published();
    const { paths } = JSON.parse(fs.readFileSync(site.manifest, 'utf8'));
    for (const [name, publicPath] of Object.entries<string>(paths)) {
      const file = site.path('root', publicPath);
      expect(statics.file(name)).toBe(file);
      expect(statics.file(`${name}?v=1#x`)).toBe(file);
      expect(statics.file(statics.static(name))).toBe(file);
      expect(statics.file(`${statics.static(name)}?v=1#x`)).toBe(file);
      expect(statics.file(`/static/${encodeURI(name)}`)).toBe(file);
      expect(await statics.read(name)).toEqual(fs.readFileSync(file));
    }
    expect(String(await statics.read('css/app.css'))).toMatch(/a%20b\.[\da-f]{12}\.png/);
  });

  it('is found by the URL of another host', async () => {
    const { site, statics } = await published({ baseUrl: 'https://cdn.test/s/' });
    expect(statics.file(statics.static('css/app.css'))).toMatch(site.path('root/css/app.'));
    expect(() => statics.file('https://other.test/s/css/app.css')).toThrow(MissingStaticFileError);
  });

  it('is found in the folder of all releases', async () => {
    const site = await newSite(FILES, { postProcess: ['fingerprint'], release: { id: 'r1' } });
    const statics = await loadStatic({
      settings: site.path('staticfiles.config.json'),
      release: 'r1',
      env: {},
    });
    expect(String(await statics.read('img/a b.png'))).toBe('png');
  });

  it.each([
    'none.css',
    '../staticfiles.config.json',
    '/static/../../staticfiles.config.json',
    '/static/%2e%2e/staticfiles.config.json',
    '/etc/passwd',
    'css/',
    'css/app.0123456789ab.css',
    '/static/css/app.0123456789ab.css',
    '/static/%zz',
    '',
  ])('is not found under %j, strict or not', async (name) => {
    for (const strict of [true, false]) {
      const { statics } = await published({ strict });
      expect(() => statics.file(name)).toThrow(MissingStaticFileError);
      await expect(statics.read(name)).rejects.toThrow(MissingStaticFileError);
    }
  });

  it('is found under its plain name if the settings publish no manifest', async () => {
    const site = await newSite(FILES, {});
    const statics = await loadStatic({
      settings: site.path('staticfiles.config.json'),
      env: { NODE_ENV: 'production' },
    });
    expect(statics.file('css/app.css')).toBe(site.path('root/css/app.css'));
    expect(() => statics.file('none.css')).toThrow("There is no static file 'none.css'.");
  });

  it('is an error if the storage is not a folder on this machine', async () => {
    const site = await newSite(FILES);
    const settings = builtSettings(site, {});
    const { folder: _, ...elsewhere } = settings.storage;
    const storage = { ...elsewhere, displayUrl: 's3://bucket/static/' };
    const statics = await loadStatic({ settings: { ...settings, storage }, env: {} });
    expect(() => statics.file('css/app.css')).toThrow(
      "The files are published to 's3://bucket/static/', which is not a folder on this machine. file() and read() need one.",
    );
  });
});

it('in development, the source is found', async () => {
  const project = newProject({ 'static/css/app.css': 'source', 'static/a b.txt': 'b' }, SETTINGS);
  const statics = await loadStatic({ settings: project.path('staticfiles.config.json'), env: {} });
  expect(statics.file('css/app.css')).toBe(project.path('static/css/app.css'));
  expect(statics.file(statics.static('a b.txt'))).toBe(project.path('static/a b.txt'));
  expect(String(await statics.read('css/app.css'))).toBe('source');
  expect(() => statics.file('css')).toThrow(MissingStaticFileError);
  expect(() => statics.file('../staticfiles.config.json')).toThrow(MissingStaticFileError);
});
