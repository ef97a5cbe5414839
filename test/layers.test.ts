import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';

const SRC = path.resolve(import.meta.dirname, '../src');

/** What the files of a folder, or a file at the root, may import besides each other and `errors.ts`. */
interface Row {
  readonly folder: string;
  readonly mayImport: readonly string[];
  /** Packages, `node:` included; any unless given. */
  readonly packages?: RegExp;
}

/** Fits no package. */
const NONE = /(?!)/;

const GROUND = ['text', 'files', 'concurrency', 'model'];
/** Of plug-ins, the stages of a run know the contracts only. */
const CONTRACTS = [
  'plugins',
  'finders/finder.ts',
  'finders/find.ts',
  'finders/conflicts.ts',
  'processors/processor.ts',
  'references/report.ts',
  'storages/storage.ts',
  'storages/destination.ts',
  'settings/settings.ts',
  'settings/schema.ts',
];
const STAGES = [...GROUND, ...CONTRACTS, 'manifest', 'cache'];

/** From the ground up: a row names rows above it only, so there is no circle. The first row that fits a file is its own. */
const ROWS: readonly Row[] = [
  { folder: 'secrets.ts', mayImport: [], packages: NONE },
  { folder: 'errors.ts', mayImport: ['secrets.ts'], packages: /^node:util$/ },
  { folder: 'text', mayImport: [], packages: /^(node:|fastest-levenshtein$)/ },
  { folder: 'concurrency', mayImport: [], packages: /^node:/ },
  { folder: 'files', mayImport: ['text'], packages: /^(node:|fast-glob$)/ },
  { folder: 'model', mayImport: ['text', 'files', 'concurrency'], packages: /^(node:|mime-types$)/ },
  { folder: 'references', mayImport: ['text'] },
  { folder: 'npm', mayImport: ['text', 'files'], packages: /^(node:|yaml$)/ },
  {
    folder: 'plugins',
    mayImport: ['text', 'files'],
    packages: /^(node:|jiti$|valibot$|(agent-base|https?-proxy-agent|proxy-from-env)$)/,
  },
  { folder: 'manifest', mayImport: ['text', 'files', 'model'], packages: /^node:/ },
  { folder: 'cache', mayImport: ['text', 'files', 'model', 'npm'], packages: /^(node:|env-paths$)/ },
  { folder: 'finders', mayImport: [...GROUND, 'plugins', 'npm'], packages: /^(node:|picomatch$)/ },
  { folder: 'storages', mayImport: [...GROUND, 'plugins', 'cache', 'secrets.ts'] },
  { folder: 'processors', mayImport: [...GROUND, 'npm', 'plugins', 'cache', 'references'] },
  { folder: 'cdn', mayImport: [...GROUND, 'plugins', 'storages/storage.ts'] },
  {
    folder: 'testing',
    mayImport: ['model', 'files', 'storages/storage.ts', 'storages/destination.ts'],
    packages: /^node:/,
  },
  {
    folder: 'settings',
    mayImport: [...GROUND, 'plugins', 'npm', 'manifest', 'cache', 'finders', 'storages', 'processors', 'cdn'],
  },
  { folder: 'pipeline', mayImport: [...STAGES, 'npm'], packages: /^(node:|valibot$|picomatch$)/ },
  { folder: 'watch', mayImport: [...STAGES, 'pipeline'], packages: /^node:/ },
  { folder: 'releases', mayImport: [...STAGES, 'pipeline'], packages: /^node:/ },
  { folder: 'prune', mayImport: [...STAGES, 'pipeline', 'releases'], packages: /^node:/ },
  { folder: 'collectstatic.ts', mayImport: [...STAGES, 'pipeline', 'prune'], packages: /^node:/ },
  { folder: 'findstatic.ts', mayImport: STAGES, packages: /^node:/ },
  { folder: 'explain.ts', mayImport: [...STAGES, 'pipeline', 'findstatic.ts'], packages: /^node:/ },
  {
    folder: 'watchstatic.ts',
    mayImport: [...STAGES, 'pipeline', 'watch', 'collectstatic.ts'],
    packages: /^node:/,
  },
  { folder: 'apply-plan.ts', mayImport: [...STAGES, 'pipeline', 'collectstatic.ts'], packages: /^node:/ },
  { folder: 'runtime/lookup.ts', mayImport: [], packages: NONE },
  { folder: 'runtime/preload.ts', mayImport: ['runtime/lookup.ts'], packages: NONE },
  { folder: 'runtime/tags.ts', mayImport: ['runtime/lookup.ts', 'runtime/preload.ts'], packages: NONE },
  {
    folder: 'runtime/templates',
    mayImport: ['runtime/lookup.ts', 'runtime/tags.ts', 'runtime/preload.ts'],
    packages: NONE,
  },
  {
    folder: 'runtime',
    mayImport: [
      ...[
        'concurrency',
        'model',
        'files',
        'manifest',
        'settings',
        'finders',
        'plugins',
        'storages/destination.ts',
      ],
      ...['runtime/lookup.ts', 'runtime/tags.ts', 'runtime/preload.ts', 'runtime/templates'],
    ],
    packages: /^node:/,
  },
  {
    folder: 'serve/dev',
    mayImport: [
      'text',
      'files',
      'model',
      'manifest',
      'finders',
      'settings',
      'references',
      'runtime',
      'serve',
    ],
  },
  {
    folder: 'serve',
    mayImport: ['text', 'concurrency', 'files', 'model', 'manifest', 'runtime', 'serve/dev'],
    packages: /^(node:|lru-cache$|negotiator$|picomatch$)/,
  },
  {
    folder: 'index.ts',
    mayImport: [
      ...['files', 'model', 'plugins', 'references', 'finders', 'storages', 'processors', 'cdn', 'settings'],
      ...['pipeline', 'releases', 'prune', 'text'],
      ...['collectstatic.ts', 'findstatic.ts', 'watchstatic.ts', 'explain.ts', 'apply-plan.ts'],
    ],
    packages: NONE,
  },
  {
    folder: 'cli',
    mayImport: [
      ...STAGES,
      ...['secrets.ts', 'settings', 'references', 'finders', 'pipeline', 'releases', 'prune', 'serve'],
      ...['collectstatic.ts', 'findstatic.ts', 'watchstatic.ts', 'explain.ts', 'apply-plan.ts'],
    ],
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

function isIn(file: string, folder: string): boolean {
  return file === folder || file.startsWith(`${folder}/`);
}

function rowOf(file: string): Row {
  const row = ROWS.find(({ folder }) => isIn(file, folder));
  if (row === undefined) throw new Error(`src/${file} is in no row: give its folder one in this test.`);
  return row;
}

/** What a file imports and exports from elsewhere, types included, also lazily. */
function importsOf(file: string): string[] {
  const pattern = /\bfrom '([^'$]+)'|\bimport\(\s*'([^']+)'|^import '([^']+)'/gm;
  return [...codeOf(file).matchAll(pattern)].map((match) => match[1] ?? match[2] ?? match[3]!);
}

function forbiddenImports(file: string): string[] {
  const { folder, mayImport, packages } = rowOf(file);
  return importsOf(file).filter((specifier) => {
    if (!specifier.startsWith('.')) return packages !== undefined && !packages.test(specifier);
    const target = path.posix.join(path.posix.dirname(file), specifier).replace(/\.js$/, '.ts');
    return rowOf(target).folder !== folder && !['errors.ts', ...mayImport].some((each) => isIn(target, each));
  });
}

test.each(ROWS)('$folder imports only what its row allows', ({ folder }) => {
  const files = sources.filter((file) => rowOf(file).folder === folder);
  expect(files.length).toBeGreaterThan(0);
  const violations = files.flatMap((file) =>
    forbiddenImports(file).map((each) => `src/${file} imports ${each}`),
  );
  expect(violations).toEqual([]);
});

test('a row names rows above it only', () => {
  const seen: string[] = [];
  for (const { folder, mayImport } of ROWS) {
    const unknown = mayImport.filter((each) => !seen.some((above) => isIn(each, above)));
    // What is served in development is loaded lazily by what puts the mounts together.
    expect({ folder, unknown }).toEqual({ folder, unknown: folder === 'serve/dev' ? ['serve'] : [] });
    seen.push(folder);
  }
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
  expect(
    loaded.filter(
      (each) =>
        !/^(node:|(runtime|manifest|model|files|text|concurrency)\/|(errors|secrets)\.ts$)/.test(each),
    ),
  ).toEqual([]);
  expect(loaded).not.toContain('runtime/dev.ts');
  expect(loaded).not.toContain('runtime/project.ts');
});

test('an application that serves a manifest loads no finder and no settings', () => {
  const loaded = [...loadedWith('serve/index.ts')];
  expect(loaded).toEqual(expect.arrayContaining(['serve/serve.ts', 'lru-cache', 'negotiator', 'picomatch']));
  expect(loaded.filter((each) => /^(finders|settings|references|storages|processors)\//.test(each))).toEqual(
    [],
  );
  expect(loaded).not.toContain('serve/dev/dev-mounts.ts');
  expect(loaded).not.toContain('runtime/project.ts');
});

test('the help of a command loads no stage and no settings', () => {
  const loaded = [...loadedWith('cli/main.ts')];
  expect(loaded).toContain('cli/commands/serve.ts');
  expect(loaded.filter((each) => !/^(node:|cli\/|text\/|(errors|secrets)\.ts$)/.test(each)).sort()).toEqual([
    'commander',
    'picocolors',
  ]);
});

test.each([
  ['prints', /\bconsole\.|process\.(stdout|stderr)/, /^cli\//],
  ['exits', /process\.(exit\b|exitCode)/, /^cli\//],
  ['reads argv or the current directory', /process\.(argv|cwd)/, /^(cli|settings)\//],
  [
    'reads the environment',
    /process\.env/,
    /^((cli|settings)\/|(runtime\/options|plugins\/http-agents|plugins\/proxied-agent|cache\/cache-dir)\.ts$)/,
  ],
])('library code never %s', (_, pattern, allowed) => {
  const found = sources.filter((file) => !allowed.test(file) && pattern.test(codeOf(file)));
  expect(found).toEqual([]);
});
