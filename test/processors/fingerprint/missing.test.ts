import { describe, expect, it } from 'vitest';
import type { Warning } from '../../../src/model/static-file.js';
import { collectTree as collect } from './collect-tree.js';

/** Returns the sentences after the position of each missing reference. */
function hintsIn(message: string): string[] {
  return message
    .split('\n')
    .filter((line) => /^static\/\S+:\d+:\d+: /.test(line))
    .map((line) => line.replace(/^\S+ /, ''));
}

describe('a missing reference', () => {
  it.each<
    readonly [what: string, source: readonly [name: string, text: string], other: string, hint: string]
  >([
    [
      'without the extension',
      ['js/app.js', 'import "./loader"'],
      'js/loader.js',
      "'./loader' not found. Browsers need the extension. Did you mean './loader.js'?",
    ],
    [
      'without .mjs',
      ['js/app.js', 'export * from "../lib/x"'],
      'lib/x.mjs',
      "'../lib/x' not found. Browsers need the extension. Did you mean '../lib/x.mjs'?",
    ],
    [
      'without .json',
      ['app.js', 'import("./data")'],
      'data.json',
      "'./data' not found. Browsers need the extension. Did you mean './data.json'?",
    ],
    [
      'with a dot in its name',
      ['js/app.js', 'import "./modules/cms.base"'],
      'js/modules/cms.base.js',
      "'./modules/cms.base' not found. Browsers need the extension. Did you mean './modules/cms.base.js'?",
    ],
    [
      'by an absolute path',
      ['js/app.js', 'import "/static/js/loader"'],
      'js/loader.js',
      "'/static/js/loader' not found. Browsers need the extension. Did you mean '/static/js/loader.js'?",
    ],
    [
      'to TypeScript',
      ['app.js', 'import "./loader"'],
      'loader.ts',
      "'./loader' not found. Browsers need the extension, and they cannot load 'loader.ts'. Bundle or compile it.",
    ],
    [
      'to JSX',
      ['app.js', 'import "./menu"'],
      'menu.jsx',
      "'./menu' not found. Browsers need the extension, and they cannot load 'menu.jsx'. Bundle or compile it.",
    ],
    [
      'to a style sheet without its extension',
      ['a.css', '@import "theme";'],
      'theme.css',
      "'theme' not found. Browsers need the extension. Did you mean 'theme.css'?",
    ],
    [
      'to a folder with an index file',
      ['app.js', 'import "./menu"'],
      'menu/index.js',
      "'./menu' not found. It is a folder, in which browsers look for no file. Did you mean './menu/index.js'?",
    ],
    [
      'to a folder with a slash at its end',
      ['js/app.js', 'import "../menu/"'],
      'menu/index.js',
      "'../menu/' not found. It is a folder, in which browsers look for no file. Did you mean '../menu/index.js'?",
    ],
    [
      'to its own folder',
      ['js/app.js', 'import "./"'],
      'js/index.js',
      "'./' not found. It is a folder, in which browsers look for no file. Did you mean './index.js'?",
    ],
    [
      'to a folder of TypeScript',
      ['app.js', 'import "./menu"'],
      'menu/index.ts',
      "'./menu' not found. It is a folder, in which browsers look for no file, and they cannot load 'menu/index.ts'. Bundle or compile it.",
    ],
    [
      'to a folder with an index style sheet',
      ['a.css', '@import url(theme);'],
      'theme/index.css',
      "'theme' not found. It is a folder, in which browsers look for no file. Did you mean 'theme/index.css'?",
    ],
    [
      'to a folder without an index file',
      ['app.js', 'import "./menu"'],
      'menu/open.js',
      "'./menu' not found.",
    ],
    [
      'in NFC, to a file in NFD',
      ['s.css', 'a{b:url(caf\u00e9.png)}'],
      'cafe\u0301.png',
      "'caf\u00e9.png' not found. A file has the same name in another Unicode form: the file is in NFD, the reference in NFC. Rename the file, or write 'cafe%CC%81.png'.",
    ],
    [
      'in NFD, to a file in NFC',
      ['css/s.css', 'a{b:url(../cafe\u0301/x.png)}'],
      'caf\u00e9/x.png',
      "'../cafe\u0301/x.png' not found. A file has the same name in another Unicode form: the file is in NFC, the reference in NFD. Rename the file, or write '../caf%C3%A9/x.png'.",
    ],
    [
      'to a name in another folder',
      ['js/app.js', 'import "../utils.js"'],
      'js/utils.js',
      "'../utils.js' not found. Did you mean '../js/utils.js'?",
    ],
  ])('%s has a hint that says so', async (_, [name, text], other, hint) => {
    const { error, message } = await collect({ [`static/${name}`]: text, [`static/${other}`]: '' });
    expect(hintsIn(message)).toEqual([hint]);
    const [reference] = error!.details.missingReferences!;
    expect(`'${reference!.url}' not found.${reference!.hint ? ` ${reference!.hint}` : ''}`).toBe(hint);
    const suggestion = /(?:Did you mean|or write) '(.*)'/.exec(hint)?.[1];
    expect(reference!.suggestion).toBe(suggestion);
  });

  it.each([
    ['.hidden.png', '.*'],
    ['img/a.png', '*.png'],
    ['old/a.png', 'old'],
  ])('to the ignored file %s names the pattern %s', async (name, pattern) => {
    const tree = { 'static/a.css': `a{b:url(${name})}`, [`static/${name}`]: '' };
    const { message } = await collect(tree, { settings: { ignore: [pattern] } });
    expect(hintsIn(message)).toEqual([
      `'${name}' not found. It exists, but the ignore pattern '${pattern}' hides it.`,
    ]);
  });

  it.each([
    ['b.js', { 'static/a.js': 'import "./b.js"' }],
    ['a', { 'static/a.js': 'import "./a"' }],
    ['js/a.js.map', { 'static/js/a.js': '//# sourceMappingURL=a.js.map' }],
    ['gone.png', { 'static/a.css': 'a{b:url(gone.png)}', 'static/icon.png': '', 'static/cone.css': '' }],
    ['x/index.js', { 'static/a.js': 'import "./x/index.js"', 'static/y/index.js': '' }],
  ])('to %s suggests neither its own file nor an unrelated one', async (_, tree) => {
    const { message } = await collect(tree, { options: { missing: 'error' } });
    expect(hintsIn(message)).toEqual([expect.stringMatching(/ not found\.$/)]);
  });

  it('in `url()` and `new URL()` may name a folder', async () => {
    const tree = {
      'static/a.css': 'a{b:url(img/)} c{d:url(img)}',
      'static/a.js': 'new URL("./", import.meta.url); new URL("img", import.meta.url)',
      'static/img/x.png': '',
    };
    expect(await collect(tree)).toMatchObject({ error: undefined, warnings: [] });
  });

  it('in <script src> and <link rel=stylesheet> may not name a folder', async () => {
    const tree = {
      'static/p.html':
        '<script src="menu"></script><link rel=stylesheet href="menu/"><iframe src="menu/"></iframe><link rel=prefetch href=menu>',
      'static/menu/index.js': '',
    };
    const { message } = await collect(tree, { options: { references: { html: true } } });
    expect(hintsIn(message).map((hint) => hint.slice(0, 17))).toEqual([
      "'menu' not found.",
      "'menu/' not found",
    ]);
  });
});

it('source files of a bundler are an error that says once how to leave them out, and both ways work', async () => {
  const tree = {
    'static/js/app.js': 'import "./loader"; import "./modules/cms.base"',
    'static/js/loader.js': 'import "./addons"',
    'static/js/addons/index.js': '',
    'static/js/modules/cms.base.js': '',
    'static/built/app.js': 'import "./x.js"',
    'static/built/x.js': '',
  };
  const { message } = await collect(tree);
  const files = ['js/app.js', 'js/loader.js'];
  expect(message.split('\n').slice(-5)).toEqual([
    'If files with such references are for a bundler only, leave them out with the setting ignore:',
    `    ${JSON.stringify(files)}`,
    "or publish them as they are, with a rule in the option 'missing' of fingerprint:",
    `    ${JSON.stringify({ files, action: 'warn' })}`,
    "To publish anyway, set the option 'missing' of fingerprint (docs/references.md).",
  ]);
  expect((await collect(tree, { settings: { ignore: files } })).error).toBeUndefined();
  const rule = { options: { missing: [{ files, action: 'warn' as const }] } };
  expect((await collect(tree, rule)).error).toBeUndefined();
});

describe('missing references of npm packages', () => {
  const tree = {
    'node_modules/dial/package.json': '{}',
    'node_modules/dial/dist/dial.js': 'import "./core"; import "./gone.js"',
    'node_modules/dial/dist/dial.css': '/*# sourceMappingURL=dial.css.map */',
    'node_modules/@mesh/grid/package.json': '{}',
    'node_modules/@mesh/grid/grid (1).css': 'a{b:url(x.png)}',
    'static/app.css': 'a{}',
  };
  const settings = {
    installedApps: [
      { app: 'dial', dir: 'dist', prefix: 'dial' },
      { app: '@mesh/grid', dir: '.' },
    ],
  };

  it('are one warning, grouped by package, with a rule that silences it', async () => {
    const { warnings } = await collect(tree, { settings });
    const [{ code, message }] = warnings.filter(({ verbosity = 1 }) => verbosity === 1) as [Warning];
    expect(code).toBe('missing-vendor-reference');
    const lines = message.split('\n');
    expect(lines.slice(0, -1)).toEqual([
      '4 missing references in 3 files of npm packages, not rewritten:',
      '    dial: 3 in 2 files (css-source-map, js-import)',
      '    @mesh/grid: 1 in 1 file (css-url)',
      "  To list them, run with -v 2. To ignore them, add this rule to the option 'missing' of fingerprint:",
    ]);
    const rule = JSON.parse(lines.at(-1)!);
    expect(rule).toEqual({
      files: ['dial/**', 'grid \\(1\\).css'],
      kinds: ['css-source-map', 'css-url', 'js-import'],
      action: 'ignore',
    });
    const again = await collect(tree, { settings, options: { missing: [rule] } });
    expect(again).toMatchObject({ error: undefined, warnings: [] });
  });

  it('list five packages, and count the others', async () => {
    const names = Array.from({ length: 7 }, (_, index) => `pkg${index}`);
    const many = Object.fromEntries(
      names.flatMap((name) => [
        [`node_modules/${name}/package.json`, '{}'],
        [`node_modules/${name}/a.css`, 'a{b:url(x.png)}'],
      ]),
    );
    const installedApps = names.map((app) => ({ app, dir: '.', prefix: app }));
    const { warnings } = await collect({ ...many, 'static/a.css': '' }, { settings: { installedApps } });
    expect(warnings[0]!.message).toContain('\n    … and 2 more packages\n');
  });
});
