import { createHash } from 'node:crypto';
import fs from 'node:fs';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { collectstatic } from '../../../src/collectstatic.js';
import type { FingerprintOptions } from '../../../src/processors/fingerprint/options.js';
import { fingerprint } from '../../../src/processors/fingerprint/processor.js';
import type { Settings } from '../../../src/settings/settings.js';
import { builtSettings } from '../../support/built-settings.js';
import { newProject, type Project } from '../../support/project.js';
import type { TreeInput } from '../../support/tree.js';

afterEach(() => vi.restoreAllMocks());

const md5 = (text: string) => createHash('md5').update(text).digest('hex').slice(0, 12);

/** Collects files given by logical path, with fingerprints. */
async function publish(project: Project, options: FingerprintOptions = {}, changes: Partial<Settings> = {}) {
  const files = Object.fromEntries(
    fs
      .readdirSync(project.path('static'), { recursive: true, encoding: 'utf8' })
      .filter((name) => fs.statSync(project.path('static', name)).isFile())
      .map((name) => [name, `static/${name}`]),
  );
  const settings = builtSettings(project, files, { processors: [fingerprint(options)], ...changes });
  const report = await collectstatic(settings);
  const { paths } = JSON.parse(fs.readFileSync(project.path('root/staticfiles.json'), 'utf8'));
  const text = (logicalPath: string) => fs.readFileSync(project.path('root', paths[logicalPath]), 'utf8');
  return { report, paths: paths as Record<string, string>, text };
}

function projectOf(files: Record<string, string>): Project {
  return newProject(inStatic(files));
}

function inStatic(files: Record<string, string>): TreeInput {
  return Object.fromEntries(Object.entries(files).map(([name, text]) => [`static/${name}`, text]));
}

describe('names', () => {
  it.each([
    ['a.css', 'a.HASH.css'],
    ['deep/er/a.tar.gz', 'deep/er/a.tar.HASH.gz'],
    ['LICENSE', 'LICENSE.HASH'],
    ['dir.d/LICENSE', 'dir.d/LICENSE.HASH'],
    ['.htaccess', '.htaccess.HASH'],
    ['trailing.', 'trailing.HASH.'],
    ['a%2epng', 'a%2epng.HASH'],
    ['ü ñ/日本.txt', 'ü ñ/日本.HASH.txt'],
  ])('%s becomes %s', async (name, expected) => {
    const { paths } = await publish(projectOf({ [name]: 'x' }));
    expect(paths).toEqual({ [name]: expected.replace('HASH', md5('x')) });
  });

  it('publishes the originals too, unless `originals` is false', async () => {
    const project = projectOf({ 'a.txt': 'x' });
    await publish(project);
    const renamed = [`a.${md5('x')}.txt`, 'staticfiles.details.json', 'staticfiles.json'];
    expect(Object.keys(project.texts())).toEqual([...renamed, 'a.txt'].sort());
    const other = projectOf({ 'a.txt': 'x' });
    await publish(other, { originals: false });
    expect(Object.keys(other.texts())).toEqual(renamed);
  });

  it('uses another algorithm and length', async () => {
    const { paths } = await publish(projectOf({ 'a.txt': 'x' }), {
      hash: { algorithm: 'sha256', length: 8 },
    });
    expect(paths['a.txt']).toBe(`a.${createHash('sha256').update('x').digest('hex').slice(0, 8)}.txt`);
  });

  it('keeps a name that a fingerprint would make too long, with a warning', async () => {
    const name = `${'n'.repeat(240)}.txt`;
    const { paths, report } = await publish(projectOf({ [name]: 'x', 'a.css': `a{b:url(${name})}` }));
    expect(paths[name]).toBe(name);
    expect(report.warnings.map(({ code }) => code)).toEqual(['name-too-long']);
  });

  it.each([
    ['another’s fingerprinted name', { 'a.txt': 'x', [`a.${md5('x')}.txt`]: 'y' }, /'a\.txt'.*'a\.\w+\.txt'/],
    [
      'the manifest’s name',
      { 'staticfiles.json': '{}' },
      /the path 'staticfiles.json' is reserved for the manifest/,
    ],
  ])('refuses a source that has %s', async (_, files, message) => {
    const project = projectOf(files);
    await expect(publish(project)).rejects.toMatchObject({ message: expect.stringMatching(message) });
    expect(fs.existsSync(project.path('root'))).toBe(false);
  });
});

describe('references', () => {
  it('are rewritten in style sheets, and every other byte stays', async () => {
    const css = `@import 'b.css' layer(x);\n.a { background: url( "../img/p.png?v=1#x" ) } /* url(none.png) */\n`;
    const { paths, text } = await publish(
      projectOf({ 'css/a.css': css, 'css/b.css': 'b{}', 'img/p.png': 'png' }),
    );
    const png = md5('png');
    expect(text('css/a.css')).toBe(
      css.replace('b.css', `b.${md5('b{}')}.css`).replace('p.png', `p.${png}.png`),
    );
    expect(paths['css/a.css']).toBe(`css/a.${md5(text('css/a.css'))}.css`);
  });

  it('are rewritten in modules, also under the URL of a CDN', async () => {
    const js = `import './n.js'\nexport * from "https://cdn.test/s/js/n.js"\nimport('lodash'); new Worker(new URL("w.js", import.meta.url))`;
    const project = projectOf({ 'js/m.js': js, 'js/n.js': 'n', 'js/w.js': 'w' });
    const { text } = await publish(project, {}, { staticUrl: 'https://cdn.test/s/' });
    expect(text('js/m.js')).toBe(
      js.replaceAll('n.js', `n.${md5('n')}.js`).replace('w.js', `w.${md5('w')}.js`),
    );
  });

  it.each<[FingerprintOptions['references'], boolean, boolean]>([
    [{}, true, true],
    [{ css: false }, false, true],
    [{ javascript: false }, true, false],
  ])('with %j: css %s, javascript %s', async (references, css, javascript) => {
    const project = projectOf({
      'a.css': 'a{b:url(x.png)}',
      'a.js': 'import "./b.js"',
      'b.js': '',
      'x.png': '',
    });
    const { text } = await publish(project, { references: references ?? {} });
    expect(text('a.css').includes('url(x.png)')).toBe(!css);
    expect(text('a.js').includes('./b.js')).toBe(!javascript);
  });

  it('to excluded files stay plain, and are rewritten inside of these files', async () => {
    const project = projectOf({ 'sw.js': 'import "./a.js"', 'a.js': '', 'b.js': 'import "./sw.js"' });
    const { paths, text } = await publish(project, { exclude: ['sw.js'] });
    expect(paths['sw.js']).toBe('sw.js');
    expect(text('sw.js')).toBe(`import "./a.${md5('')}.js"`);
    expect(text('b.js')).toBe('import "./sw.js"');
  });

  it('in prehashed files stay, with a warning if they refer to renamed files', async () => {
    const project = projectOf({ 'app.4889e940.js': 'import "./a.js"', 'a.js': '' });
    const { paths, text, report } = await publish(project, { prehashed: ['*.4889e940.js'] });
    expect(paths['app.4889e940.js']).toBe('app.4889e940.js');
    expect(text('app.4889e940.js')).toBe('import "./a.js"');
    expect(report.warnings).toMatchObject([{ code: 'prehashed-reference' }]);
    await expect(publish(project, { prehashed: ['app.*.js'], originals: false })).rejects.toMatchObject({
      code: 'source',
    });
  });
});

describe('cycles', () => {
  const files = {
    'a.js': 'import "./b.js"; import "./x.js"',
    'b.js': 'import "./a.js"',
    'x.js': 'x',
    'y.js': 'y',
  };

  it('share one hash over paths, sizes and bytes', async () => {
    const { paths, text } = await publish(projectOf(files));
    const outer = `import "./b.js"; import "./x.${md5('x')}.js"`;
    const hash = md5(`a.js\0${outer.length}\0${outer}b.js\0${files['b.js'].length}\0${files['b.js']}`);
    expect(paths).toMatchObject({ 'a.js': `a.${hash}.js`, 'b.js': `b.${hash}.js` });
    expect(text('b.js')).toBe(`import "./a.${hash}.js"`);
    expect(text('a.js')).toBe(`import "./b.${hash}.js"; import "./x.${md5('x')}.js"`);
  });

  it.each([
    ['a member', { 'b.js': 'import "./a.js" // edited' }, true],
    ['what a member depends on', { 'x.js': 'edited' }, true],
    ['anything else', { 'y.js': 'edited' }, false],
  ])('are renamed by an edit of %s: %j %s', async (_, edit, renamed) => {
    const before = (await publish(projectOf(files))).paths;
    const after = (await publish(projectOf({ ...files, ...edit }))).paths;
    expect(after['a.js'] !== before['a.js']).toBe(renamed);
    expect(after['b.js'] !== before['b.js']).toBe(renamed);
  });

  it('can have one file', async () => {
    const css = '@import "a.css";';
    const { paths, text } = await publish(projectOf({ 'a.css': css }));
    const hash = md5(`a.css\0${css.length}\0${css}`);
    expect(paths['a.css']).toBe(`a.${hash}.css`);
    expect(text('a.css')).toBe(`@import "a.${hash}.css";`);
  });

  it('work beside chains of any length', async () => {
    const chain = Array.from({ length: 1500 }, (_, i) => [
      `c${i}.js`,
      i < 1499 ? `import "./c${i + 1}.js"` : 'end',
    ]);
    const { text, paths } = await publish(projectOf({ ...files, ...Object.fromEntries(chain) }));
    expect(text('c0.js')).toBe(`import "./${paths['c1.js']}"`);
    expect(paths['c1499.js']).toBe(`c1499.${md5('end')}.js`);
  });
});

describe('missing references', () => {
  const files = {
    'a.css': 'a{}\n.x{b:url(non.png)}',
    'b.css': 'b{b:url(x.png)}\n/*# sourceMappingURL=b.map */',
    'none.png': '',
  };

  it('in the project’s own files fail the run, which lists all of them', async () => {
    const project = projectOf(files);
    const error = await publish(project).catch((reason: Error) => reason);
    expect(error).toMatchObject({ code: 'source' });
    expect((error as Error).message).toContain('2 missing references in 2 files. Nothing was published.');
    expect((error as Error).message).toContain(
      "static/a.css:2:10: 'non.png' not found. Did you mean 'none.png'?\n    .x{b:url(non.png)}\n",
    );
    expect(fs.existsSync(project.path('root'))).toBe(false);
  });

  it.each([
    ['warn', ['missing-reference', 'missing-reference']],
    ['ignore', []],
  ] as const)('with %s: %j', async (missing, codes) => {
    const { report } = await publish(projectOf(files), { missing });
    expect(report.warnings.map(({ code }) => code)).toEqual(codes);
  });
});

describe('beyond one run', () => {
  const files = {
    'a.css': '@import "b.css"; a{b:url(p.png)}',
    'b.css': 'b{}',
    'p.png': 'png',
    'q.js': 'import "./r.js"',
    'r.js': 'r',
  };

  it('an unchanged run reads no contents and writes nothing', async () => {
    const project = projectOf(files);
    await settled();
    const first = await publish(project);
    const opened = [vi.spyOn(fs, 'openSync'), vi.spyOn(fs, 'readFileSync')];
    const { report, paths } = await publish(project);
    const places = opened.flatMap(({ mock }) => mock.calls.map(([place]) => place));
    const contents = places.filter((place) => typeof place === 'string'); // what a descriptor reads was opened by name
    expect(contents.filter((file) => !/\.(json|bin)$/.test(file))).toEqual([]);
    expect(paths).toEqual(first.paths);
    expect(report.plan.map(({ action }) => action)).toEqual(report.plan.map(() => 'keep'));
  });

  it('an edit renames what depends on it, and nothing else', async () => {
    const project = projectOf(files);
    const before = await publish(project);
    project.write(inStatic({ 'b.css': 'b{edited}' }));
    const after = await publish(project);
    const changed = Object.keys(files).filter((name) => before.paths[name] !== after.paths[name]);
    expect(changed).toEqual(['a.css', 'b.css']);
    expect(after.report.counts).toMatchObject({ copied: 2, postProcessed: 2 });
  });

  it('a run repairs a damaged file whose size or time has changed', async () => {
    const project = projectOf(files);
    const { paths } = await publish(project);
    fs.writeFileSync(project.path('root', paths['a.css']!), 'damaged');
    const { report, text } = await publish(project);
    expect(report.counts.postProcessed).toBe(1);
    expect(text('a.css')).toContain(paths['b.css']!);
  });

  it('a damaged manifest blocks nothing', async () => {
    const project = newProject({ ...inStatic(files), 'root/staticfiles.json': '' });
    const { paths } = await publish(project);
    expect(Object.keys(paths)).toEqual(Object.keys(files).sort());
  });
});

/** Sources younger than a clock tick are read again. */
async function settled(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 60));
}
