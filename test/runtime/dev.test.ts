import fs from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Finder } from '../../src/finders/finder.js';
import { loadStatic } from '../../src/runtime/load.js';
import { MissingStaticFileError } from '../../src/runtime/lookup.js';
import type { Settings } from '../../src/settings/settings.js';
import { builtSettings, fixedFinder } from '../support/built-settings.js';
import { foldNames } from '../support/fold-names.js';
import { newProject, type Project, SETTINGS } from '../support/project.js';

/** Loads development look-ups with the project's settings file. */
function develop(project: Project) {
  return loadStatic({ settings: project.path('staticfiles.config.json'), debug: true, env: {} });
}

function developWith(project: Project, changes: Partial<Settings>) {
  return loadStatic({ settings: builtSettings(project, {}, changes), debug: true, env: {} });
}

describe('a name', () => {
  it('may have slashes at its start, and several in a row, as in production', async () => {
    const statics = await develop(newProject({ 'static/css/a.css': 'a' }));
    expect(['/css/a.css', '//css//a.css', '/img/', 'img//', '/'].map(statics.static)).toEqual([
      '/static/css/a.css',
      '/static/css/a.css',
      '/static/img/',
      '/static/img/',
      '/static/',
    ]);
  });

  it('is looked up by all finders, under their prefixes, and has a plain URL', async () => {
    const settings = {
      ...SETTINGS,
      staticfilesDirs: ['static', ['vendor', 'libs']],
      installedApps: ['apps/*'],
    };
    const project = newProject(
      { 'static/a.css': 'a', 'libs/b é.js': 'b', 'apps/shop/static/shop/c.png': 'c', 'package.json': '{}' },
      settings,
    );
    const statics = await develop(project);
    expect(['a.css?v#x', 'vendor/b é.js', 'shop/c.png'].map(statics.static)).toEqual([
      '/static/a.css?v#x',
      '/static/vendor/b%20%C3%A9.js',
      '/static/shop/c.png',
    ]);
    expect(statics.publicPath('vendor/b é.js')).toBe('vendor/b é.js');
    expect([statics.integrity('a.css'), statics.importmap()]).toEqual(['', '']);
    expect(statics.modulepreload('vendor/b é.js')).toBe(
      '<link rel="modulepreload" href="/static/vendor/b%20%C3%A9.js">',
    );
  });

  it('must match the case on disk, even if the file system ignores it', async () => {
    const project = newProject({ 'static/js/a.js': '' });
    const { static: url } = await develop(project);
    foldNames(project.dir);
    expect(url('js/a.js')).toBe('/static/js/a.js');
    expect(() => url('js/A.js')).toThrow("There is no static file 'js/A.js'. Did you mean 'js/a.js'?");
  });

  it('is looked up at each call: new files are found, deleted ones are not', async () => {
    const project = newProject({ 'static/a.css': 'a' });
    const { static: url } = await develop(project);
    expect(() => url('deep/new.css')).toThrow(MissingStaticFileError);
    project.write({ 'static/deep/new.css': 'n' });
    expect(url('deep/new.css')).toBe('/static/deep/new.css');
    fs.rmSync(project.path('static/a.css'));
    expect(() => url('a.css')).toThrow("There is no static file 'a.css'.");
  });

  it.each([
    ['an ignored file', '.secret.css'],
    ['a file that the settings ignore', 'notes.md'],
    ['a folder', 'css'],
    ['a path below a file', 'css/app.css/x'],
    ['a path outside of the sources', '../staticfiles.config.json'],
    ['a path with ..', 'css/../css/app.css'],
    ['a path with NUL', 'css/app.css\0'],
    ['a name that is too long for a file', 'x'.repeat(5000)],
    ['the destination, if it is inside a source folder', 'out/css/app.css'],
    ['the empty name', ''],
    ['a name of Object.prototype', 'constructor'],
  ])('is unknown for %s, which collectstatic would not publish', async (_, name) => {
    const settings = { ...SETTINGS, staticRoot: 'static/out', ignore: ['*.md'] };
    const tree = { '.secret.css': '', 'notes.md': '', 'css/app.css': '', 'out/css/app.css': '' };
    const inStatic = Object.entries(tree).map(([file, text]) => [`static/${file}`, text]);
    const { static: url } = await develop(newProject(Object.fromEntries(inStatic), settings));
    expect(url('css/app.css')).toBe('/static/css/app.css');
    expect(() => url(name)).toThrow(MissingStaticFileError);
  });

  it('is an error if it is unknown, which suggests the nearest name', async () => {
    const { static: url } = await develop(newProject({ 'static/css/app.css': '', 'static/js/app.js': '' }));
    expect(() => url('css/ap.css')).toThrow(
      "There is no static file 'css/ap.css'. Did you mean 'css/app.css'?",
    );
  });

  it('is plain if it is unknown and look-ups are not strict', async () => {
    const settings = builtSettings(newProject({}), {});
    const { static: url } = await loadStatic({ settings, strict: false, env: {} });
    expect(url('a.css')).toBe('/static/a.css');
  });
});

describe('the import map', () => {
  it('has plain URLs', async () => {
    const importmap = { entries: { app: 'js/app.js', 'parts/': 'js/', cdn: 'https://cdn.example.com/x.js' } };
    const { importmap: element } = await develop(
      newProject({ 'static/js/app.js': '' }, { ...SETTINGS, importmap }),
    );
    expect(element({ nonce: 'n' })).toBe(
      '<script type="importmap" nonce="n">{"imports":{"app":"/static/js/app.js",' +
        '"parts/app.js":"/static/js/app.js","cdn":"https://cdn.example.com/x.js"},"integrity":{}}</script>',
    );
  });

  it('gets new modules at a reload', async () => {
    const importmap = { entries: { 'parts/': 'js/' } };
    const project = newProject({ 'static/js/a.js': '' }, { ...SETTINGS, importmap });
    const statics = await develop(project);
    project.write({ 'static/js/b.js': '' });
    await statics.reload();
    expect(statics.importmap()).toContain('"parts/b.js":"/static/js/b.js"');
  });

  it('fails if the file of an entry is missing', async () => {
    const project = newProject({ 'static/a.js': '' }, { ...SETTINGS, importmap: { entries: { b: 'b.js' } } });
    await expect(develop(project)).rejects.toMatchObject({
      code: 'settings',
      message: expect.stringContaining("importmap.entries['b']: static file 'b.js' not found"),
    });
  });
});

describe('a finder that returns promises', () => {
  const slow = (finder: Finder): Finder => ({
    ...finder,
    list: async (context) => finder.list(context),
    find: async (name, context) => finder.find(name, context),
  });

  it('lists all names at the start and at each reload', async () => {
    const project = newProject({ 'a.css': 'a', 'b.css': 'b' });
    const files: Record<string, string> = { 'a.css': 'a.css' };
    const finder: Finder = slow({
      ...fixedFinder(project, {}),
      list: () => fixedFinder(project, files).list({ ignore: [], exclude: [], warn() {} }) as [],
    });
    const statics = await developWith(project, {
      finders: [finder, fixedFinder(project, { 'c.css': 'b.css' })],
    });
    expect([statics.static('a.css'), statics.static('c.css')]).toEqual(['/static/a.css', '/static/c.css']);
    files['b.css'] = 'b.css';
    expect(() => statics.static('b.css')).toThrow("Did you mean 'a.css', 'c.css'?");
    await statics.reload();
    expect(statics.static('b.css')).toBe('/static/b.css');
  });

  it('for some names only is an error that names the finder', async () => {
    const project = newProject({ 'a.css': 'a' });
    const fixed = fixedFinder(project, { 'a.css': 'a.css' });
    const finder: Finder = {
      ...fixed,
      name: 'moody',
      find: (name, context) => (name === 'a.css' ? slow(fixed) : fixed).find(name, context),
    };
    const { static: url } = await developWith(project, { finders: [finder] });
    expect(() => url('a.css')).toThrow("The finder 'moody' returns promises for some names only.");
  });
});
