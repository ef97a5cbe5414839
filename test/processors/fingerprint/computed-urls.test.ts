// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the strings are scripts
import fs from 'node:fs';
import { describe, expect, it, test } from 'vitest';
import { collectstatic } from '../../../src/collectstatic.js';
import type { FingerprintOptions } from '../../../src/processors/fingerprint/options.js';
import { fingerprint } from '../../../src/processors/fingerprint/processor.js';
import type { ReferenceReport } from '../../../src/references/report.js';
import type { Settings } from '../../../src/settings/settings.js';
import { builtSettings } from '../../support/built-settings.js';
import { newProject, type Project } from '../../support/project.js';

/** Publishes what is in a project. */
async function publish(project: Project, options: FingerprintOptions = {}, changes: Partial<Settings> = {}) {
  const names = fs.readdirSync(project.path('static'), { recursive: true, encoding: 'utf8' });
  const files = Object.fromEntries(
    names
      .filter((name) => fs.statSync(project.path('static', name)).isFile())
      .map((name) => [name, `static/${name}`]),
  );
  const reports: ReferenceReport[] = [];
  const settings = builtSettings(project, files, { processors: [fingerprint(options)], ...changes });
  const { counts, warnings } = await collectstatic(settings, {
    onReferences: (report) => reports.push(report),
  });
  const { paths } = JSON.parse(fs.readFileSync(project.path('root/staticfiles.json'), 'utf8'));
  const text = (name: string) => fs.readFileSync(project.path('root', paths[name]), 'utf8');
  return { paths: paths as Record<string, string>, text, counts, warnings, report: reports[0]! };
}

function projectOf(files: Readonly<Record<string, string>>): Project {
  return newProject(
    Object.fromEntries(Object.entries(files).map(([name, text]) => [`static/${name}`, text])),
  );
}

/** The files that keep their names, of those that a run publishes. */
async function keptOf(
  files: Readonly<Record<string, string>>,
  options?: FingerprintOptions,
  changes?: Partial<Settings>,
) {
  const { paths } = await publish(projectOf(files), options, changes);
  return Object.keys(paths).filter((name) => paths[name] === name);
}

const PLUGINS = {
  'app.js': "import { store } from './store.js'; import('./plugins/' + name + '.js');",
  'plugins/clock.js': "import '../store.js';",
  'page.js': "import './plugins/clock.js';",
  'store.js': 'export const store = {};',
};

describe('files that a computed URL can name', () => {
  it.each([{}, { originals: false }])('have one URL each, with %j', async (options) => {
    const project = projectOf(PLUGINS);
    const { paths, text } = await publish(project, options);
    expect(paths['plugins/clock.js']).toBe('plugins/clock.js');
    // Inside they are rewritten, and others refer to them by the only name that they have.
    expect(text('plugins/clock.js')).toBe(`import '../${paths['store.js']}';`);
    expect(text('page.js')).toBe(PLUGINS['page.js']);
    expect(text('app.js')).toContain(`'./${paths['store.js']}'`);
    expect(paths['store.js']).toMatch(/^store\.\w{12}\.js$/);
    const published = Object.keys(project.texts()).filter((name) => name.startsWith('plugins/'));
    expect(published).toEqual(['plugins/clock.js']);
  });

  it.each([
    ['import(`./${id}.entry.js`)', ['a/x.entry.js']],
    ["import('./lang/' + code + '.js')", ['a/lang/de.js', 'a/lang/en.js']],
    ["import('./lang/'.concat(code, '.js'))", ['a/lang/de.js', 'a/lang/en.js']],
    ['import(`/static/a/lang/${code}.js`)', ['a/lang/de.js', 'a/lang/en.js']],
    ['import(`./lang/${code}.js?v=${version}`)', ['a/lang/de.js', 'a/lang/en.js']],
    ['import(`./lang/d${code}.js`)', ['a/lang/de.js']],
    ["import('../' + folder + '/lang/en.js')", ['a/lang/en.js', 'b/lang/en.js']],
    ['import(`../${folder}/lang/${a}${b}.js`)', ['a/lang/de.js', 'a/lang/en.js', 'b/lang/en.js']],
    // Scripts only, since an import without attributes loads no other file, and never the asking file.
    ['import(`./${name}`)', ['a/x.entry.js', 'a/y.mjs']],
    ["import('./' + name, { with: { type: 'json' } })", ['a/d.json', 'a/s.css', 'a/x.entry.js', 'a/y.mjs']],
    ['import(`./x.entry.js${query}`)', ['a/x.entry.js']],
    ["import('./' + 'x.entry.js')", ['a/x.entry.js']],
    ["import(test ? './lang/en.js' : `./lang/d${code}.js`)", ['a/lang/de.js']],
    ['new URL(`./img/${name}.png`, import.meta.url)', ['a/img/1.png']],
    ["new URL('img/' + name, import.meta.url)", ['a/img/1.png', 'a/img/2.svg']],
    ['new Worker(new URL(`./${name}.mjs`, import.meta.url))', ['a/y.mjs']],
    ['import.meta.resolve(`./lang/${code}.js`)', ['a/lang/de.js', 'a/lang/en.js']],
    ['import(name)', []],
    ["import(base + '/lang/en.js')", []],
    ["import('lib/' + name + '.js')", []],
    ["import('https://cdn.example.com/a/' + name + '.js')", []],
    ["import('../../../lang/' + name + '.js')", []],
    ["import('./gone/' + name + '.js')", []],
  ])('%s: %j', async (script, expected) => {
    const files = [
      'lang/de.js',
      'lang/en.js',
      'x.entry.js',
      'y.mjs',
      'd.json',
      's.css',
      'img/1.png',
      'img/2.svg',
    ];
    const tree = Object.fromEntries(
      [...files.map((name) => `a/${name}`), 'b/lang/en.js'].map((name) => [name, '']),
    );
    expect(await keptOf({ ...tree, 'a/app.js': script })).toEqual(expected);
  });

  it('keep it in the folder of a page whose script asks for them', async () => {
    const html = '<script type="module">import(`./plugins/${name}.js`)</script>';
    const files = { 'pages/index.html': html, 'pages/plugins/a.js': '', 'plugins/a.js': '' };
    expect(await keptOf(files, { references: { html: true } })).toEqual([
      'pages/index.html',
      'pages/plugins/a.js',
    ]);
  });

  it('have names with characters that mean something in a glob', async () => {
    const files = { 'app.js': 'import(`./[a]*/${name}.js`)', '[a]*/x.js': '', 'ab/x.js': '' };
    expect(await keptOf(files)).toEqual(['[a]*/x.js']);
  });

  it('get integrity for the bytes that are published under their names', async () => {
    const html = `<script type="module" src="plugins/clock.js" integrity="sha384-x"></script>`;
    const project = projectOf({ ...PLUGINS, 'index.html': html });
    const { text } = await publish(project, { references: { html: true } });
    const { files } = JSON.parse(fs.readFileSync(project.path('root/staticfiles.details.json'), 'utf8'));
    expect(text('index.html')).toBe(html.replace('sha384-x', files['plugins/clock.js'].integrity));
  });

  it('keep their bytes too if a bundler has named them', async () => {
    const { paths, text } = await publish(projectOf(PLUGINS), { prehashed: ['plugins/*'] });
    expect(paths['plugins/clock.js']).toBe('plugins/clock.js');
    expect(text('plugins/clock.js')).toBe(PLUGINS['plugins/clock.js']);
  });
});

describe('the option computed', () => {
  it.each<[NonNullable<FingerprintOptions['computed']>, readonly string[]]>([
    ['keep', ['plugins/clock.js']],
    ['ignore', []],
    [['app.js'], []],
    [['plugins/**'], []],
    [['other.js'], ['plugins/clock.js']],
  ])('%j', async (computed, expected) => {
    expect(await keptOf(PLUGINS, { computed })).toEqual(expected);
  });

  it.each(['no', { ignore: [] }, [1]])('is not %j', (computed) => {
    expect(() => fingerprint({ computed: computed as 'keep' })).toThrow(
      /computed.*(?:'keep', 'ignore' or a list of globs|a glob)/,
    );
  });

  it('does not matter if references in scripts are not rewritten', async () => {
    expect(await keptOf(PLUGINS, { references: { javascript: false } })).toEqual([]);
  });
});

test('files whose URLs the import map maps get fingerprints', async () => {
  const importMap = { entries: { '/static/plugins/': 'plugins/' } };
  const project = projectOf({
    ...PLUGINS,
    'img.js': 'new URL(`./plugins/${name}.png`, import.meta.url)',
    'plugins/a.png': '',
  });
  const { paths } = await publish(project, {}, { importMap });
  expect(paths['plugins/clock.js']).toMatch(/^plugins\/clock\.\w{12}\.js$/);
  // An import map is not asked for the URL of an image.
  expect(paths['plugins/a.png']).toBe('plugins/a.png');
  const { importmap } = JSON.parse(fs.readFileSync(project.path('root/staticfiles.json'), 'utf8'));
  expect(importmap.imports).toEqual({ '/static/plugins/clock.js': `/static/${paths['plugins/clock.js']}` });
});

describe('a later run', () => {
  it('writes nothing if nothing has changed', async () => {
    const project = projectOf(PLUGINS);
    await publish(project);
    const { counts } = await publish(project);
    expect(counts).toMatchObject({ copied: 0, postProcessed: 0 });
  });

  it('keeps the name of a file that came later, and renames it once no URL can name it', async () => {
    const project = projectOf(PLUGINS);
    await publish(project);
    project.write({ 'static/plugins/later.js': '' });
    const later = await publish(project);
    expect(later.paths['plugins/later.js']).toBe('plugins/later.js');
    project.write({ 'static/app.js': "import './store.js';" });
    const { paths } = await publish(project);
    expect(paths['plugins/later.js']).toMatch(/^plugins\/later\.\w{12}\.js$/);
    expect(fs.readFileSync(project.path('root', paths['page.js']!), 'utf8')).toContain(
      paths['plugins/clock.js'],
    );
    // Nothing refers to the plain name any more, so it has the bytes of its source again.
    expect(fs.readFileSync(project.path('root/plugins/clock.js'), 'utf8')).toBe(PLUGINS['plugins/clock.js']);
    project.write({ 'static/app.js': PLUGINS['app.js'] });
    expect((await publish(project)).paths).toEqual(later.paths);
    fs.rmSync(project.path('static/app.js'));
    expect((await publish(project)).paths['plugins/later.js']).toBe(paths['plugins/later.js']);
  });
});

test('the report names the computed URLs, and lists them for each file that they can name', async () => {
  const files = { ...PLUGINS, 'plugins/b.js': '' };
  const { report } = await publish(projectOf(files), { exclude: ['plugins/b.js'] });
  expect(report.computedNames()).toEqual([
    { file: 'app.js', pattern: 'plugins/*.js', files: ['plugins/clock.js'] },
  ]);
  const listed = [...report.list()].filter(({ kind }) => kind === 'js-dynamic-import');
  expect(listed.map(({ text, target, status }) => [text, target, status])).toEqual([
    ["'./plugins/' + name + '.js'", 'plugins/b.js', 'computed'],
    ["'./plugins/' + name + '.js'", 'plugins/clock.js', 'computed'],
  ]);
  expect(report.counts()['js-dynamic-import']).toEqual({ computed: 1 });
  expect(report.explain('plugins/clock.js')).toMatchObject({
    keepsName: 'computed',
    computedBy: [{ file: 'app.js', pattern: 'plugins/*.js' }],
  });
  expect(report.explain('plugins/b.js')).toMatchObject({ keepsName: 'excluded' });
  expect(report.explain('store.js')).not.toHaveProperty('computedBy');
});

describe('an import() of which not even the beginning is known', () => {
  const files = { 'js/app.js': 'a();\nimport(name); import(name)', 'js/lib/b.js': '' };
  const warningsOf = async (
    tree: Record<string, string>,
    ...options: [FingerprintOptions?, Partial<Settings>?]
  ) => (await publish(projectOf(tree), ...options)).warnings.map(({ code, message }) => [code, message]);

  it('is a warning where modules are beside it, with the ways out', async () => {
    const [[code, message] = []] = await warningsOf(files);
    expect(code).toBe('computed-import');
    expect(message).toMatch(/^The URLs of 2 import\(\) calls are unknown\. .* is loaded twice/);
    expect(message).toMatch(
      /\n\S+\/static\/js\/app\.js:2:8: import\(name\)\n\S+\/static\/js\/app\.js:2:22: import\(name\)\n/,
    );
    expect(message).toContain("Add these modules to the option 'exclude' of fingerprint, or map their URLs");
    const [[, missing] = []] = await warningsOf(files, { originals: false });
    expect(missing).toContain('is not found (originals: false).');
  });

  it.each<[string, Record<string, string>, FingerprintOptions?, Partial<Settings>?]>([
    ['no other module is beside it', { 'js/app.js': 'import(name)', 'b.js': '', 'js/c.css': '' }],
    ['they keep their names', files, { exclude: ['js/lib/**'] }],
    ['computed URLs are ignored', files, { computed: 'ignore' }],
    ['computed URLs in the file are ignored', files, { computed: ['js/app.js'] }],
    ['references in scripts are not rewritten', files, { references: { javascript: false } }],
    ['the import map maps them', files, {}, { importMap: { entries: { '/static/js/lib/': 'js/lib/' } } }],
    ['its beginning is bare', { ...files, 'js/app.js': "import('lib/' + name)" }],
    [
      'it imports a URL that is a reference',
      { ...files, 'js/app.js': 'import(new URL("./lib/b.js", import.meta.url).href)' },
    ],
  ])('is no warning if %s', async (_, ...args) => {
    expect(await warningsOf(...args)).toEqual([]);
  });

  it('is named five times at most', async () => {
    const [[, message] = []] = await warningsOf({ ...files, 'js/app.js': 'import(name);'.repeat(7) });
    expect(message!.match(/app\.js:1:/g)).toHaveLength(5);
    expect(message).toContain('\n… and 2 more\n');
  });
});

test('two files of one source each name the files beside them', async () => {
  const project = newProject({ app: "import('./p/' + name + '.js')", b: '' });
  const names = { 'x/app.js': 'app', 'y/app.js': 'app', 'x/p/b.js': 'b', 'y/p/b.js': 'b' };
  for (let run = 1; run <= 2; run++) {
    await collectstatic(builtSettings(project, names, { processors: [fingerprint()] }));
    const { paths } = JSON.parse(fs.readFileSync(project.path('root/staticfiles.json'), 'utf8'));
    expect([paths['x/p/b.js'], paths['y/p/b.js']]).toEqual(['x/p/b.js', 'y/p/b.js']);
  }
});

test('a long name with many unknown parts is compared at once', async () => {
  const script = `import(\`./${'a${x}'.repeat(40)}b.js\`)`;
  expect(
    await keptOf({ 'app.js': script, [`${'a'.repeat(200)}.js`]: '', [`${'a'.repeat(40)}b.js`]: '' }),
  ).toEqual([`${'a'.repeat(40)}b.js`]);
});
