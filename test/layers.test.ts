import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';

const SRC = path.resolve(import.meta.dirname, '../src');

/** Which files make a layer, and what they may import besides each other. The first layer that fits a file is its own. */
interface Layer {
  readonly name: string;
  readonly files: RegExp;
  readonly mayImport: readonly string[];
  /** Packages, `node:` included; any unless given. */
  readonly packages?: RegExp;
}

const MODEL = [
  'static-file',
  'output',
  'record',
  'record-columns',
  'paths',
  'errors',
  'errors-without-secrets',
  'secrets',
  'http-agents',
  'proxied-agent',
  'regular-file',
  'exact-names',
  'file-stamp',
  'conflicts',
  'collisions',
  'file-texts',
  'name-folding',
  'same-folder',
  'body',
  'body-pieces',
  'manifest',
  'release',
  'json',
  'parse-manifest',
  'parse-details',
  'content-codings',
  'content-facts',
  'encodings',
  'decoding',
  'reference-report',
  'media-type',
  'source-file',
  'splice',
  'nearest-names',
  'same-bytes',
  'pace',
  'shared-queue',
  'stamp-columns',
  'text-column',
  'lanes',
  'known-output',
  'source-errors',
  'public-url',
  'publishable',
  'printable',
  'text-buffer',
  'name-index',
  'name-list',
];

/** Fits no package. */
const NONE = /(?!)/;

const LAYERS: readonly Layer[] = [
  {
    name: 'the model',
    files: new RegExp(`^(${MODEL.join('|')}|cache/[^/]+)\\.ts$`),
    mayImport: [],
    packages: /^(node:|fastest-levenshtein$|mime-types$|(agent-base|https?-proxy-agent|proxy-from-env)$)/,
  },
  {
    name: 'contracts',
    files:
      /^(finders\/finder|storages\/storage|finalizers\/finalizer|processors\/processor|settings\/(settings|config))\.ts$/,
    mayImport: ['the model'],
    packages: /^node:/,
  },
  { name: 'finders', files: /^finders\//, mayImport: ['the model', 'contracts'] },
  { name: 'storages', files: /^storages\//, mayImport: ['the model', 'contracts'] },
  { name: 'finalizers', files: /^finalizers\//, mayImport: ['the model', 'contracts'] },
  {
    name: 'tests for writers of plug-ins',
    files: /^testing\//,
    mayImport: ['the model', 'contracts'],
    packages: /^node:/,
  },
  { name: 'references', files: /^references\//, mayImport: ['the model'] },
  { name: 'processors', files: /^processors\//, mayImport: ['the model', 'contracts', 'references'] },
  {
    name: 'the shapes of settings',
    files: /^settings\/checks\/(schema|validate|check-message|nearest-name)\.ts$/,
    mayImport: ['the model', 'contracts'],
    packages: /^(node:|valibot$|fastest-levenshtein$)/,
  },
  {
    name: 'settings',
    files: /^settings\//,
    mayImport: [
      'the model',
      'contracts',
      'the shapes of settings',
      'finders',
      'storages',
      'finalizers',
      'processors',
    ],
  },
  {
    name: 'the public interface',
    files: /^index\.ts$/,
    mayImport: [
      'the model',
      'contracts',
      'the stages',
      'settings',
      'storages',
      'finders',
      'processors',
      'references',
    ],
  },
  { name: 'cli', files: /^cli\//, mayImport: ['the model', 'contracts', 'the stages', 'settings', 'serve'] },
  { name: 'the look-up', files: /^runtime\/lookup\.ts$/, mayImport: [], packages: NONE },
  {
    name: 'tags and template engines',
    files: /^runtime\/(tags|html|preload|locals|ejs|express|handlebars|nunjucks)\.ts$/,
    mayImport: ['the look-up'],
    packages: NONE,
  },
  {
    name: 'the runtime of a project',
    files: /^runtime\/(development|project)\.ts$/,
    mayImport: ['the model', 'contracts', 'the stages', 'settings', 'the look-up', 'runtime'],
    packages: /^node:/,
  },
  {
    name: 'runtime',
    files: /^runtime\//,
    mayImport: [
      'the model',
      'contracts',
      'the look-up',
      'tags and template engines',
      'the runtime of a project',
    ],
    packages: /^node:/,
  },
  {
    name: 'serving in development',
    files: /^serve\/development\//,
    mayImport: ['the model', 'contracts', 'the stages', 'references', 'runtime', 'serve'],
  },
  {
    name: 'serve',
    files: /^serve\//,
    mayImport: ['the model', 'runtime', 'serving in development'],
    packages: /^(node:|lru-cache$|negotiator$|picomatch$)/,
  },
  {
    name: 'the stages',
    files: /^([^/]+|(releases|prune|watch)\/[^/]+)\.ts$/,
    mayImport: ['the model', 'contracts', 'the shapes of settings'],
  },
];

const sources = fs
  .readdirSync(SRC, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .map((file) => file.split(path.sep).join('/'));

/** The text of a source file without its comments. */
function codeOf(file: string): string {
  return fs.readFileSync(path.join(SRC, file), 'utf8').replace(/\/\*[\s\S]*?\*\/|(?<!:)\/\/.*/g, '');
}

function layerOf(file: string): Layer {
  const layer = LAYERS.find(({ files }) => files.test(file));
  if (layer === undefined) throw new Error(`src/${file} belongs to no layer: give it one in this test.`);
  return layer;
}

/** What a file imports and exports from elsewhere, types included, also lazily. */
function importsOf(file: string): string[] {
  const pattern = /\bfrom '([^'$]+)'|\bimport\(\s*'([^']+)'|^import '([^']+)'/gm;
  return [...codeOf(file).matchAll(pattern)].map((match) => match[1] ?? match[2] ?? match[3]!);
}

function forbiddenImports(file: string): string[] {
  const layer = layerOf(file);
  return importsOf(file).filter((specifier) => {
    if (!specifier.startsWith('.')) return layer.packages !== undefined && !layer.packages.test(specifier);
    const target = path.posix.join(path.posix.dirname(file), specifier).replace(/\.js$/, '.ts');
    const { name } = layerOf(target);
    return name !== layer.name && !layer.mayImport.includes(name);
  });
}

test.each(LAYERS)('$name import only what the layers allow', (layer) => {
  const files = sources.filter((file) => layerOf(file) === layer);
  const violations = files.flatMap((file) =>
    forbiddenImports(file).map((each) => `src/${file} imports ${each}`),
  );
  expect(violations).toEqual([]);
});

/** What comes with a file as soon as it is loaded: no types, nothing lazy. */
function loadedWith(file: string, loaded = new Set<string>()): ReadonlySet<string> {
  if (loaded.has(file)) return loaded;
  loaded.add(file);
  const pattern = /^(?:import|export) (?!type\b)(?:[\w\s{},*]*? from )?'([^']+)'/gm;
  for (const [, specifier] of codeOf(file).matchAll(pattern)) {
    if (!specifier!.startsWith('.')) loaded.add(specifier!);
    else loadedWith(path.posix.join(path.posix.dirname(file), specifier!).replace(/\.js$/, '.ts'), loaded);
  }
  return loaded;
}

test('an application that reads a manifest loads no package, no finder and no settings', () => {
  const loaded = [...loadedWith('runtime/index.ts')];
  expect(loaded).toEqual(expect.arrayContaining(['runtime/load.ts', 'node:fs', 'errors.ts']));
  expect(loaded.filter((each) => !/^(node:|runtime\/|[^/]+\.ts$)/.test(each))).toEqual([]);
  expect(loaded).not.toContain('runtime/development.ts');
  expect(loaded).not.toContain('runtime/project.ts');
});

test('an application that serves a manifest loads no finder and no settings', () => {
  const loaded = [...loadedWith('serve/index.ts')];
  expect(loaded).toEqual(expect.arrayContaining(['serve/serve.ts', 'lru-cache', 'negotiator', 'picomatch']));
  expect(loaded.filter((each) => /^(finders|settings|references|storages|processors)\//.test(each))).toEqual(
    [],
  );
  expect(loaded).not.toContain('serve/development/development-mounts.ts');
  expect(loaded).not.toContain('runtime/project.ts');
});

test.each([
  ['prints', /\bconsole\.|process\.(stdout|stderr)/, /^cli\//],
  ['exits', /process\.(exit\b|exitCode)/, /^cli\//],
  ['reads argv or the current directory', /process\.(argv|cwd)/, /^(cli|settings)\//],
  [
    'reads the environment',
    /process\.env/,
    /^((cli|settings)\/|(runtime\/environment|http-agents|proxied-agent)\.ts$)/,
  ],
])('library code never %s', (_, pattern, allowed) => {
  const found = sources.filter((file) => !allowed.test(file) && pattern.test(codeOf(file)));
  expect(found).toEqual([]);
});
