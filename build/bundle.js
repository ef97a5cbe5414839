// Bundles src/ and the packages it uses into dist/: the entries of the package, the programs, and the chunks they share.
import fs from 'node:fs';
import path from 'node:path';
import { rolldown } from 'rolldown';
import { builtins } from './builtins.js';
import { chunking } from './chunks.js';
import { withoutFacades } from './facades.js';
import { licencesOf } from './licences.js';

const TOP = path.resolve(import.meta.dirname, '..');
const SRC = path.join(TOP, 'src');
const DIST = path.join(TOP, 'dist');
const { exports, dependencies, peerDependencies } = JSON.parse(
  fs.readFileSync(path.join(TOP, 'package.json'), 'utf8'),
);
const { plugin, groups } = chunking(SRC);

const bundle = await rolldown({
  cwd: TOP,
  input: { ...publicEntries(), 'cli/main': 'src/cli/main.ts', ...workers() },
  platform: 'node',
  external: Object.keys({ ...dependencies, ...peerDependencies }),
  // Packages with both kinds of modules are smaller, and without helpers, as ES modules.
  resolve: { mainFields: ['module', 'main'] },
  plugins: [builtins(), jsoncParser(), plugin],
  onLog: failOnWarning,
});
const { output } = await bundle.generate({
  dir: DIST,
  format: 'es',
  entryFileNames: '[name].js',
  chunkFileNames: ({ name, moduleIds }) => `${chunkName(name, moduleIds)}.js`,
  // The path of each module stays, as a comment: a line in a stack leads to its source.
  comments: { legal: false, annotation: false, jsdoc: false },
  codeSplitting: { groups },
});
await bundle.close();

for (const [name, text] of withoutFacades(output)) write(name, text);
write('licences.txt', licencesOf(output));

/** The entries in `exports`, by their file in dist/ without extension. */
function publicEntries() {
  const names = Object.values(exports).flatMap(
    (entry) => /^\.\/dist\/(.+)\.js$/.exec(entry.default)?.[1] ?? [],
  );
  return Object.fromEntries(names.map((name) => [name, `src/${name}.ts`]));
}

/** The modules of threads. They are beside the chunks, which ask for them by `new URL('./x-worker.js', import.meta.url)`. */
function workers() {
  const files = fs.readdirSync(SRC, { recursive: true }).filter((file) => file.endsWith('-worker.ts'));
  return Object.fromEntries(
    files.map((file) => [`chunks/${path.basename(file, '.ts')}`, path.join('src', file)]),
  );
}

/** jsonc-parser's CommonJS hides its imports from bundlers, and its ES modules have no default export, as Node gives it. */
function jsoncParser() {
  const name = '\0jsonc-parser';
  const file = path.join(TOP, 'node_modules/jsonc-parser/lib/esm/main.js');
  return {
    name: 'jsonc-parser',
    resolveId: (id) => (id === 'jsonc-parser' ? name : undefined),
    load: (id) => (id === name ? `export * as default from ${JSON.stringify(file)};` : undefined),
  };
}

/** A chunk of a single package has the name of the package. */
function chunkName(name, moduleIds) {
  if (name.startsWith('chunks/')) return name;
  return `chunks/${/^.*\/node_modules\/(.+?)\/(?!.*node_modules)/.exec(moduleIds.at(-1) ?? '')?.[1] ?? name}`;
}

function failOnWarning(level, log, handle) {
  if (log.code === 'INEFFECTIVE_DYNAMIC_IMPORT') return;
  handle(level === 'warn' ? 'error' : level, log);
}

function write(name, text) {
  const file = path.join(DIST, name);
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, text);
}
