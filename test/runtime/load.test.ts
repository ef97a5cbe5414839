import { once } from 'node:events';
import fs from 'node:fs';
import net from 'node:net';
import { pathToFileURL } from 'node:url';
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { loadStatic } from '../../src/runtime/load.js';
import type { LoadStaticOptions } from '../../src/runtime/options.js';
import { loadSettings } from '../../src/settings/load.js';
import type { Settings } from '../../src/settings/settings.js';
import { filesystemStorage } from '../../src/storages/filesystem/filesystem.js';
import { builtSettings } from '../support/built-settings.js';
import { collect } from '../support/command.js';
import { newProject, type Project, SETTINGS } from '../support/project.js';
import { renamingProcessor } from '../support/renaming-processor.js';
import { publishManifest } from './published.js';

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

const PATHS = { 'a.css': 'a.1.css' };
const PRODUCTION = { NODE_ENV: 'production' };

/** Returns a project with a manifest where its settings put it. */
function published(tree = {}): Project {
  const project = newProject(tree);
  publishManifest(project, PATHS);
  return project;
}

function manifestOf(project: Project, name = 'root/staticfiles.json'): string {
  return project.path(name);
}

/** Loads without the environment of the process that runs the tests. */
function load(options: LoadStaticOptions) {
  return loadStatic({ env: {}, ...options });
}

async function failureOf(options: LoadStaticOptions): Promise<{ code: string; message: string }> {
  return load(options).then(
    () => ({ code: 'none', message: 'loaded' }),
    ({ code, message }) => ({ code, message }),
  );
}

describe('a manifest given by its path', () => {
  it('is read without any settings', async () => {
    const project = published({ 'staticfiles.config.json': 'damaged' });
    const { static: url, STATIC_URL } = await load({ manifest: manifestOf(project) });
    expect([url('a.css?v#x'), STATIC_URL]).toEqual(['/static/a.1.css?v#x', '/static/']);
  });

  it('can be a URL', async () => {
    const { static: url } = await load({ manifest: pathToFileURL(manifestOf(published())) });
    expect(url('a.css')).toBe('/static/a.1.css');
  });

  it('provides the functions of its details and import map', async () => {
    const project = newProject({});
    const files = { 'a.1.js': { integrity: 'sha384-a', imports: ['b.js'] } };
    publishManifest(project, { 'a.js': 'a.1.js', 'b.js': 'b.2.js' }, { files, importmap: { imports: {} } });
    const statics = await load({ manifest: manifestOf(project) });
    expect(statics.publicPath('a.js')).toBe('a.1.js');
    expect(statics.integrity('a.js')).toBe('sha384-a');
    expect(statics.importmap()).toBe('<script type="importmap">{"imports":{}}</script>');
    expect(statics.modulepreload('a.js')).toMatch(/a\.1\.js.*\n.*b\.2\.js/);
    expect(statics.preloadHeader(['b.js'])).toBe('</static/b.2.js>;rel=modulepreload');
  });

  it('needs no details', async () => {
    const { integrity, importmap } = await load({ manifest: manifestOf(published()) });
    expect([integrity('a.css'), importmap()]).toEqual(['', '']);
  });

  it('is strict by default', async () => {
    const manifest = manifestOf(published());
    const strict = await load({ manifest });
    expect(() => strict.static('b.css')).toThrow("There is no static file 'b.css'. Did you mean 'a.css'?");
    const lenient = await load({ manifest, strict: false });
    expect(lenient.static('b.css')).toBe('/static/b.css');
  });

  it('can be the one that collectstatic writes', async () => {
    const settings = { ...SETTINGS, postProcess: ['fingerprint'] };
    const project = newProject(
      { 'static/a.css': 'a{}', 'static/b.js': 'import "./c.js"', 'static/c.js': '' },
      settings,
    );
    expect(await collect(project)).toMatchObject({ exit: 0, stderr: '' });
    const statics = await load({ manifest: manifestOf(project) });
    const published = project.texts();
    const found = ['a.css', 'b.js', 'c.js'].map((name) => published[statics.publicPath(name)]);
    expect(found).toEqual(['a{}', `import "./${statics.publicPath('c.js')}"`, '']);
    expect(statics.modulepreload('b.js').split('\n')).toEqual([
      expect.stringContaining(`href="${statics.static('b.js')}" integrity="sha384-`),
      expect.stringContaining(`href="${statics.static('c.js')}" integrity="sha384-`),
    ]);
  });
});

describe('the base URL', () => {
  const url = async (options: LoadStaticOptions) => (await load(options)).static('a.css');

  it('comes from the option, the environment or the settings, in this order', async () => {
    const project = published();
    project.settings({ ...SETTINGS, staticUrl: '/from-settings/' });
    const settings = project.path('staticfiles.config.json');
    const env = { STATIC_URL: 'https://cdn.example.com/env/' };
    expect(await url({ settings, env, baseUrl: '/option/' })).toBe('/option/a.1.css');
    expect(await url({ settings, env })).toBe('https://cdn.example.com/env/a.1.css');
    expect(await url({ settings, env: { STATIC_URL: '' } })).toBe('/from-settings/a.1.css');
    expect(await url({ settings: await loadSettings({ file: settings, env: {} }), env })).toBe(
      'https://cdn.example.com/env/a.1.css',
    );
  });

  it('may lack the slash at its start, as in Django', async () => {
    const project = published();
    project.settings({ ...SETTINGS, staticUrl: 'from-settings/' });
    const settings = project.path('staticfiles.config.json');
    expect(await url({ settings, env: {} })).toBe('/from-settings/a.1.css');
    expect(await url({ settings, env: { STATIC_URL: 'env/' } })).toBe('/env/a.1.css');
  });

  it('needs a scheme before a host', async () => {
    expect(await failureOf({ manifest: 'x.json', env: { STATIC_URL: 'd3.cloudfront.net/static/' } })).toEqual(
      {
        code: 'usage',
        message:
          "The base URL must begin with '/' or a scheme: the environment variable STATIC_URL is 'd3.cloudfront.net/static/'. " +
          "Did you mean 'https://d3.cloudfront.net/static/'?",
      },
    );
  });

  it('is read from the environment of the process by default', async () => {
    vi.stubEnv('STATIC_URL', '/process/');
    const { static: url } = await loadStatic({ manifest: manifestOf(published()) });
    expect(url('a.css')).toBe('/process/a.1.css');
  });

  it.each([
    [{ baseUrl: '/s' }, "the option baseUrl is '/s'"],
    [{ env: { STATIC_URL: 'https://x/s' } }, "the environment variable STATIC_URL is 'https://x/s'"],
  ])('is invalid if given by %j', async (options, message) => {
    expect(await failureOf({ manifest: 'x.json', ...options })).toEqual({
      code: 'usage',
      message: `The base URL must end in '/': ${message}.`,
    });
  });
});

describe('settings', () => {
  it('name the manifest', async () => {
    const project = newProject({}, { ...SETTINGS, manifest: { name: 'assets.json' } });
    publishManifest(project, PATHS, {}, 'root/assets.json');
    const statics = await load({ settings: project.path('staticfiles.config.json') });
    expect(statics.static('a.css')).toBe('/static/a.1.css');
  });

  it('can give it a storage of its own', async () => {
    const project = newProject({});
    publishManifest(project, PATHS, {}, 'private/m.json');
    const settings = builtSettings(project, {});
    const storage = filesystemStorage({ location: project.path('private') }, settings);
    const manifest = { name: 'm.json', storage };
    const statics = await load({ settings: { ...settings, manifest }, env: PRODUCTION });
    expect(statics.static('a.css')).toBe('/static/a.1.css');
  });

  it('name the storage in its errors', async () => {
    const project = newProject({});
    const settings = builtSettings(project, {});
    const readText = () => Promise.reject(new Error('no route to host'));
    const storage = { ...settings.storage, name: 'bucket', readText };
    expect(await failureOf({ settings: { ...settings, storage } })).toEqual({
      code: 'plugin',
      message: "The storage 'bucket' failed: no route to host",
    });
  });
});

describe('without a manifest', () => {
  const PLAIN: Partial<Settings> = {};
  const FINGERPRINTED: Partial<Settings> = { processors: [renamingProcessor] };
  const MAPPED: Partial<Settings> = { importMap: { entries: {} } };
  const settingsWith = (project: Project, changes: Partial<Settings>) =>
    builtSettings(project, { 'a.css': 'static/a.css' }, changes);

  it.each([
    ['production', { env: PRODUCTION }, FINGERPRINTED],
    ['production, an import map', { env: PRODUCTION }, MAPPED],
    ['debug: false', { debug: false }, FINGERPRINTED],
  ])('loading fails with %s, and the error says what to do', async (_, options, changes) => {
    const project = newProject({ 'static/a.css': 'a' });
    const { code, message } = await failureOf({ settings: settingsWith(project, changes), ...options });
    expect(code).toBe('target');
    expect(message).toBe(
      `There is no manifest '${manifestOf(project)}'. Run collectstatic with the processor 'fingerprint', ` +
        'or set where the manifest is (options manifest, settings and release; variable RELEASE_ID).',
    );
  });

  it.each([
    ['a path', (project: Project) => ({ manifest: manifestOf(project), env: PRODUCTION })],
    ['a release', (project: Project) => ({ settings: settingsWith(project, PLAIN), release: 'r1' })],
  ])('loading fails if %s was given', async (_, optionsFor) => {
    const { code, message } = await failureOf(optionsFor(newProject({ 'static/a.css': 'a' })));
    expect([code, message]).toEqual(['target', expect.stringMatching(/^There is no manifest '.*\.json'\./)]);
  });

  it.each([
    ['production', { env: PRODUCTION }],
    ['debug: false', { debug: false }],
  ])('all names are plain if files are collected under plain names (%s)', async (_, options) => {
    const project = newProject({ 'static/a.css': 'a' });
    const statics = await load({ settings: settingsWith(project, PLAIN), ...options });
    expect(statics.static('a.css')).toBe('/static/a.css');
    expect(statics.static('whatever.css')).toBe('/static/whatever.css');
  });

  it.each([
    ['no NODE_ENV', {}],
    ['another NODE_ENV', { env: { NODE_ENV: 'test' } }],
    ['debug: true in production', { debug: true, env: PRODUCTION }],
  ])('names are looked up among the sources with %s', async (_, options) => {
    const project = newProject({ 'static/a.css': 'a' });
    const statics = await load({ settings: settingsWith(project, FINGERPRINTED), ...options });
    expect(statics.static('a.css')).toBe('/static/a.css');
    expect(() => statics.static('b.css')).toThrow("There is no static file 'b.css'. Did you mean 'a.css'?");
  });
});

it('debug: true ignores an existing manifest', async () => {
  const project = published({ 'static/b.css': 'b' });
  const statics = await load({ settings: project.path('staticfiles.config.json'), debug: true });
  expect(statics.static('b.css')).toBe('/static/b.css');
  expect(() => statics.static('a.css')).toThrow('There is no static file');
});

describe('a release', () => {
  function released(): Project {
    const project = published();
    publishManifest(project, { 'a.css': 'a.2.css' }, {}, 'root/2024-05-01/staticfiles.json');
    return project;
  }

  it.each([
    [{ release: '2024-05-01' }, 'a.2.css'],
    [{ env: { RELEASE_ID: '2024-05-01' } }, 'a.2.css'],
    [{ release: false, env: { RELEASE_ID: '2024-05-01' } } as const, 'a.1.css'],
    [{ env: { RELEASE_ID: '' } }, 'a.1.css'],
  ])('is chosen by %j', async (options, publicPath) => {
    const project = released();
    const settings = project.path('staticfiles.config.json');
    expect((await load({ manifest: manifestOf(project), ...options })).publicPath('a.css')).toBe(publicPath);
    expect((await load({ settings, ...options })).publicPath('a.css')).toBe(publicPath);
  });

  it.each(['..', '.', 'a/b', 'a\\b', '../..', 'a\0'])('cannot have the id %j', async (release) => {
    expect(await failureOf({ manifest: manifestOf(released()), release })).toEqual({
      code: 'usage',
      message: `Invalid release '${release}': the id (option release, variable RELEASE_ID) must be the name of a folder.`,
    });
  });
});

describe('loading fails with', () => {
  it.each([
    ['', 'is damaged (Unexpected end of JSON input)'],
    ['{"paths": {', 'is damaged ('],
    ['[]', 'is damaged (it is not a JSON object)'],
    ['null', 'is damaged (it is not a JSON object)'],
    ['{}', "is not a manifest of version '1.0' or '1.1' (version: undefined)"],
    ['{"version": "2.0", "paths": {}}', `is not a manifest of version '1.0' or '1.1' (version: "2.0")`],
    ['{"version": "1.1"}', "is damaged: 'paths' is not an object of strings"],
    ['{"version": "1.1", "paths": []}', "is damaged: 'paths' is not an object of strings"],
    ['{"version": "1.1", "paths": {"a": 1}}', "is damaged: 'paths' is not an object of strings"],
  ])('a manifest that contains %j', async (text, message) => {
    const project = newProject({ 'root/staticfiles.json': text });
    const failure = await failureOf({ manifest: manifestOf(project) });
    expect(failure.code).toBe('target');
    expect(failure.message).toContain(`'${manifestOf(project)}' ${message}`);
    expect(failure.message).toContain('Run collectstatic again');
  });

  it.each([
    ['{', 'is damaged ('],
    ['{"version": "2.0", "files": {}}', "does not contain details of version '1.0'"],
    ['{"version": "1.0"}', "does not contain details of version '1.0'"],
  ])('details that contain %j', async (text, message) => {
    const project = published({ 'root/staticfiles.details.json': text });
    const failure = await failureOf({ manifest: manifestOf(project) });
    expect(failure.code).toBe('target');
    expect(failure.message).toContain(`'${project.path('root/staticfiles.details.json')}' ${message}`);
  });

  it.each(['staticfiles.json', 'staticfiles.details.json'])('a FIFO in place of %s', async (name) => {
    const project = newProject({});
    publishManifest(project, PATHS, { files: {} });
    fs.rmSync(project.path('root', name));
    project.write({ [`root/${name}`]: { fifo: true } });
    const message = `Cannot read '${project.path('root', name)}': it is a FIFO, not a file.`;
    expect(await failureOf({ manifest: manifestOf(project) })).toEqual({ code: 'target', message });
    const settings = builtSettings(project, {}, { processors: [renamingProcessor] });
    expect(await failureOf({ settings })).toMatchObject({
      code: 'plugin',
      message: expect.stringContaining('it is a FIFO, not a file'),
    });
  });

  it('a socket in place of the manifest', async () => {
    const project = newProject({ 'root/a.css': '' });
    const server = net.createServer().listen(project.path('root/staticfiles.json'));
    await once(server, 'listening');
    onTestFinished(() => void server.close());
    expect(await failureOf({ manifest: manifestOf(project) })).toMatchObject({
      code: 'target',
      message: expect.stringContaining('it is a socket'),
    });
  });

  it('a manifest that cannot be read', async () => {
    const project = newProject({ 'root/staticfiles.json/x': '' });
    expect(await failureOf({ manifest: manifestOf(project) })).toEqual({
      code: 'target',
      message: `Cannot read '${manifestOf(project)}': it is a directory.`,
    });
  });
});

describe('details of another run', () => {
  const FILES = {
    'app.1.js': { integrity: 'sha384-app', imports: ['lib.js', 'added.js'] },
    'lib.js': { integrity: 'sha384-lib' },
    'robots.js': { integrity: 'sha384-robots', imports: ['lib.js'] },
  };

  /** Publishes a manifest beside the details of a run that had one more file. */
  function mixed(): Project {
    const project = newProject({});
    const paths = { 'app.js': 'app.1.js', 'lib.js': 'lib.js', 'robots.js': 'robots.js' };
    publishManifest(project, { ...paths, 'added.js': 'added.2.js' }, { files: FILES });
    publishManifest(project, paths);
    return project;
  }

  it('are used for names with a fingerprint only', async () => {
    const statics = await load({ manifest: manifestOf(mixed()), onWarning() {} });
    expect(statics.integrity('app.js')).toBe('sha384-app');
    expect(statics.integrity('lib.js')).toBe('');
    expect(statics.modulepreload('robots.js')).toBe('<link rel="modulepreload" href="/static/robots.js">');
  });

  it('can name imports that the manifest lacks: they are not preloaded', async () => {
    const { modulepreload } = await load({ manifest: manifestOf(mixed()), onWarning() {} });
    expect(modulepreload('app.js').split('\n')).toEqual([
      '<link rel="modulepreload" href="/static/app.1.js" integrity="sha384-app">',
      '<link rel="modulepreload" href="/static/lib.js">',
    ]);
  });

  it('give one warning, reloads included', async () => {
    const project = mixed();
    const onWarning = vi.fn();
    const statics = await load({ manifest: manifestOf(project), onWarning });
    await statics.reload();
    const details = project.path('root/staticfiles.details.json');
    expect(onWarning.mock.calls).toEqual([
      [
        {
          code: 'mixed-runs',
          message: expect.stringMatching(
            `^'${manifestOf(project)}' and '${details}' are from different runs of collectstatic: `,
          ),
        },
      ],
    ]);
  });

  it('give a warning of the process by default', async () => {
    const emit = vi.spyOn(process, 'emitWarning').mockImplementation(() => {});
    await load({ manifest: manifestOf(mixed()) });
    expect(emit).toHaveBeenCalledExactlyOnceWith(expect.stringContaining('different runs'), {
      type: 'StaticFilesWarning',
      code: 'mixed-runs',
    });
  });

  it('that are replaced by matching ones within half a second give no warning', async () => {
    const project = mixed();
    const onWarning = vi.fn();
    const loading = load({ manifest: manifestOf(project), onWarning });
    setTimeout(() => publishManifest(project, { 'app.js': 'app.2.js' }, { files: {} }), 150);
    expect((await loading).static('app.js')).toBe('/static/app.2.js');
    expect(onWarning).not.toHaveBeenCalled();
  });
});

it('a manifest that Django wrote can be read', async () => {
  const project = newProject({
    'root/staticfiles.json': '{"paths": {"a.css": "a.1.css"}, "version": "1.0"}',
  });
  expect((await load({ manifest: manifestOf(project) })).static('a.css')).toBe('/static/a.1.css');
});

describe('the publicUrl of a storage', () => {
  const CONFIG = `
    import fs from 'node:fs';
    const nothing = async () => {};
    const readText = async (name) => fs.existsSync('MANIFEST') && name === 'staticfiles.json'
      ? fs.readFileSync('MANIFEST', 'utf8') : undefined;
    const backend = { name: 'cdn', publicUrl: 'https://cdn.example.com/', readText, inventory: nothing, write: nothing, remove: nothing };
    export default { staticUrl: '/own/', staticfilesDirs: ['static'], storages: { staticfiles: { backend } }, postProcess: ['fingerprint'] };
  `;

  function project(): Project {
    const made = newProject({ 'static/a.css': 'a{}' });
    made.write({ 'staticfiles.config.mjs': CONFIG.replaceAll('MANIFEST', manifestOf(made)) });
    return made;
  }

  it('is the base of published names, but not in development', async () => {
    const made = project();
    const settings = made.path('staticfiles.config.mjs');
    expect((await load({ settings })).static('a.css')).toBe('/own/a.css');
    publishManifest(made, PATHS);
    expect((await load({ settings })).static('a.css')).toBe('https://cdn.example.com/a.1.css');
    expect((await load({ settings, debug: true })).static('a.css')).toBe('/own/a.css');
  });

  it('is overridden by STATIC_URL', async () => {
    const made = project();
    publishManifest(made, PATHS);
    const env = { STATIC_URL: '/env/' };
    const { static: url } = await load({ settings: made.path('staticfiles.config.mjs'), env });
    expect(url('a.css')).toBe('/env/a.1.css');
  });
});
