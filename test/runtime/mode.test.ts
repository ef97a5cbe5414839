import fs from 'node:fs';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { loadStatic } from '../../src/runtime/load.js';
import type { LoadStaticOptions } from '../../src/runtime/options.js';
import type { ServeOptions } from '../../src/serve/options.js';
import { serve } from '../../src/serve/serve.js';
import { ask } from '../serve/support/ask.js';
import { FINGERPRINTED, newSite, type Site } from '../serve/support/site.js';
import { newProject, type Project, SETTINGS } from '../support/project.js';

const FILES = { 'css/app.css': "@import './base.css'; a{}", 'css/base.css': 'b{}', 'js/app.js': '1;' };
const TREE = Object.fromEntries(Object.entries(FILES).map(([name, text]) => [`static/${name}`, text]));

/** Loads both, with the settings of a project and without the environment of the process that runs the tests. */
async function start(project: Project, lookup: LoadStaticOptions = {}, server: ServeOptions = {}) {
  const onWarning = vi.fn();
  const common = { settings: project.path('staticfiles.config.json'), env: {}, onWarning };
  const statics = await loadStatic({ ...common, ...lookup });
  const served = await serve({ ...common, ...server });
  onTestFinished(() => served.close());
  const answers = async (name: string) => (await ask(served, statics.static(name)))?.text;
  return { statics, served, answers, warnings: () => onWarning.mock.calls.map(([warning]) => warning) };
}

async function change(site: Site, files: Record<string, string>): Promise<void> {
  fs.utimesSync(site.path('root/staticfiles.json'), 1000, 1000);
  site.write(Object.fromEntries(Object.entries(files).map(([name, text]) => [`static/${name}`, text])));
}

describe('loadStatic() and serve()', () => {
  it.each([
    ['fingerprinted', FINGERPRINTED],
    ['plain', {}],
  ])('are both in development if nothing has been collected, with %s names', async (_, settings) => {
    const { statics, answers } = await start(newProject(TREE, { ...SETTINGS, ...settings }));
    expect(statics.static('js/app.js')).toBe('/static/js/app.js');
    expect(await answers('js/app.js')).toBe('1;');
    expect(() => statics.static('none.js')).toThrow('There is no static file');
  });

  it.each([
    ['fingerprinted', FINGERPRINTED],
    ['plain', {}],
  ])('both use what has been collected, with %s names', async (_, settings) => {
    const site = await newSite(FILES, settings);
    fs.rmSync(site.path('static'), { recursive: true });
    site.write({ 'static/empty': '' });
    const { answers } = await start(site);
    expect(await answers('js/app.js')).toBe('1;');
  });

  it('both require what has been collected with NODE_ENV=production', async () => {
    const project = newProject(TREE, { ...SETTINGS, ...FINGERPRINTED });
    const options = { settings: project.path('staticfiles.config.json'), env: { NODE_ENV: 'production' } };
    await expect(loadStatic(options)).rejects.toThrow('There is no manifest');
    await expect(serve(options)).rejects.toThrow('There is no manifest');
  });

  it('agree if only the server is asked for development: it answers fingerprinted names too', async () => {
    const site = await newSite(FILES);
    const { statics, served, answers } = await start(site, {}, { dev: true });
    expect(statics.static('js/app.js')).toMatch(/app\.\w{12}\.js$/);
    expect(await answers('js/app.js')).toBe('1;');
    expect(await ask(served, '/static/js/app.js')).toMatchObject({
      text: '1;',
      headers: { 'cache-control': 'no-cache' },
    });
    expect((await ask(served, '/static/js/app.0123456789ab.js'))?.status).toBe(404);
    await change(site, { 'js/app.js': '2;' });
    expect(await answers('js/app.js')).toBe('1;'); // whose integrity a page may have
    await site.collect();
    await statics.reload();
    expect(await answers('js/app.js')).toBe('2;');
  });

  it('agree if only the look-ups are asked for development', async () => {
    const { answers } = await start(await newSite(FILES), { debug: true });
    expect(await answers('js/app.js')).toBe('1;');
  });

  it('stay in production once they were', async () => {
    const site = await newSite(FILES);
    const { served, statics } = await start(site);
    fs.rmSync(site.manifest);
    await expect(served.reload()).rejects.toThrow('There is no manifest');
    await expect(statics.reload()).rejects.toThrow('There is no manifest');
  });
});

describe('sources that are newer than the manifest in use', () => {
  it('give one warning that names them', async () => {
    const site = await newSite(FILES);
    await change(site, { 'css/app.css': 'new{}', 'js/new.js': '' });
    const { warnings } = await start(site, {}, { dev: true });
    expect(warnings()).toEqual([
      {
        code: 'newer-sources',
        message:
          `2 source files are newer than '${site.manifest}': 'css/app.css', 'js/new.js'. Pages get the published files. ` +
          'Run collectstatic or, to use the sources, set debug: true for loadStatic() and dev: true for serve().',
      },
    ]);
  });

  it('give one warning of the process, though both find them', async () => {
    const site = await newSite(FILES);
    await change(site, { 'css/app.css': 'new{}' });
    const emit = vi.spyOn(process, 'emitWarning').mockImplementation(() => {});
    onTestFinished(() => emit.mockRestore());
    await start(site, { onWarning: undefined } as never, { onWarning: undefined } as never);
    expect(emit).toHaveBeenCalledExactlyOnceWith(expect.stringContaining('1 source file is newer'), {
      type: 'StaticFilesWarning',
      code: 'newer-sources',
    });
  });

  it.each([
    ['originals', { postProcess: ['fingerprint'] }],
    ['no originals', { postProcess: [['fingerprint', { originals: false }]] }],
  ])('are not those that only got a new time, with %s', async (_, settings) => {
    const site = await newSite(FILES, settings);
    await change(site, FILES);
    expect((await start(site)).warnings()).toEqual([]);
  });

  it.each([
    ['NODE_ENV is production', { env: { NODE_ENV: 'production' } }, { env: { NODE_ENV: 'production' } }],
    ['an option has decided', { debug: false }, { dev: false }],
  ])('are not looked for if %s', async (_, lookup, server) => {
    const site = await newSite(FILES);
    await change(site, { 'css/app.css': 'new{}' });
    expect((await start(site, lookup, server)).warnings()).toEqual([]);
  });
});

describe('without settings file, manifest and sources', () => {
  const message = (manifest: string, folder: string) =>
    `There is no manifest '${manifest}', and no settings file 'staticfiles.config.*' in '${folder}' or a folder above it. ` +
    'Start the application in the folder of the project, or set where they are (options manifest and settings).';

  function inEmptyFolder(): string {
    const project = newProject({ 'package.json': '{}' });
    fs.rmSync(project.path('staticfiles.config.json'));
    const { dir } = project;
    const cwd = vi.spyOn(process, 'cwd').mockReturnValue(dir);
    onTestFinished(() => cwd.mockRestore());
    return dir;
  }

  it.each([[{}], [{ NODE_ENV: 'production' }]])('both say where they have looked (%j)', async (env) => {
    const dir = inEmptyFolder();
    const expected = { code: 'target', message: message(`${dir}/staticfiles/staticfiles.json`, dir) };
    await expect(loadStatic({ env })).rejects.toMatchObject(expected);
    await expect(serve({ env })).rejects.toMatchObject(expected);
  });

  it('both name the manifest that was given', async () => {
    const dir = inEmptyFolder();
    const manifest = `${dir}/build/m.json`;
    const expected = { code: 'target', message: message(manifest, dir) };
    await expect(loadStatic({ manifest, env: {} })).rejects.toMatchObject(expected);
    await expect(serve({ manifest, env: {} })).rejects.toMatchObject(expected);
  });

  it('the defaults work if there is a folder static', async () => {
    const dir = inEmptyFolder();
    fs.mkdirSync(`${dir}/static`);
    fs.writeFileSync(`${dir}/static/a.css`, 'a{}');
    expect((await loadStatic({ env: {} })).static('a.css')).toBe('/static/a.css');
    expect((await ask(await serve({ env: {} }), '/static/a.css'))?.text).toBe('a{}');
  });

  it.each([
    [{}, {}],
    [{ NODE_ENV: 'production' }, {}],
    [{ NODE_ENV: 'production' }, { manifest: 'none.json' }],
    [{ NODE_ENV: 'production' }, { release: 'r1' }],
    [{}, { debug: false }],
  ])('strict: false gives plain URLs (%j, %j)', async (env, options) => {
    inEmptyFolder();
    const statics = await loadStatic({ strict: false, env, ...options });
    expect(statics.static('css/app.css?v#x')).toBe('/static/css/app.css?v#x');
    expect([statics.integrity('css/app.css'), statics.importmap()]).toEqual(['', '']);
    expect(statics.preloadHeader(['js/app.js'])).toBe('</static/js/app.js>;rel=preload;as=script');
  });
});

it('with strict: false and settings, names are plain where nothing was collected', async () => {
  const project = newProject(TREE, { ...SETTINGS, ...FINGERPRINTED, staticUrl: '/s/' });
  const options = { settings: project.path('staticfiles.config.json'), env: { NODE_ENV: 'production' } };
  const statics = await loadStatic({ ...options, strict: false });
  expect(statics.static('js/none.js')).toBe('/s/js/none.js');
});

it.each([loadStatic, serve])('%o refuses settings that are not loaded', async (load) => {
  await expect(load({ settings: { staticUrl: '/s/' } as never, env: {} })).rejects.toMatchObject({
    code: 'usage',
    message:
      "The option settings is a plain object. Pass the path of a settings file, or loaded settings: `await loadSettings()` of 'staticfiles'.",
  });
});
