import { readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { expect, it } from 'vitest';

const TOP = path.resolve(import.meta.dirname, '../..');

const { exports } = JSON.parse(readFileSync(path.join(TOP, 'package.json'), 'utf8')) as {
  exports: Record<string, { types?: string }>;
};

/** The sources of the package's entries, by what an application imports. */
const ENTRIES = Object.fromEntries(
  Object.entries(exports).flatMap(([entry, { types }]) =>
    types === undefined
      ? []
      : [
          [
            path.posix.join('staticfiles', entry),
            types.replace('./dist/', 'src/').replace('.d.ts', '.ts'),
          ] as const,
        ],
  ),
);

/** Names that an example may use without a declaration. */
const GIVEN = {
  settings: "import('staticfiles').Settings",
  context: "import('staticfiles').PluginContext",
  output: "import('staticfiles').Output",
  root: "import('staticfiles').SearchRoot",
  store: "import('staticfiles').ObjectStore",
  signal: 'AbortSignal',
  fs: "typeof import('node:fs')",
  http: "typeof import('node:http')",
  statics: "import('staticfiles/runtime').LoadedStatic & import('staticfiles/serve').StaticServer",
  name: 'string',
  nonce: 'string',
  // What the application gets from elsewhere.
  app: 'any',
  details: 'any',
  manifest: 'any',
  response: 'any',
  ejs: 'any',
  nunjucks: 'any',
  Handlebars: 'any',
  Deno: 'any',
  myStorage: "(options: { prefix: string }) => import('staticfiles').Storage",
} as const;

interface Example {
  readonly of: string;
  /** The module that exports what the example is of. */
  readonly from: string;
  readonly code: string;
}

const options: ts.CompilerOptions = {
  ...ts.parseJsonConfigFileContent(
    ts.readConfigFile(path.join(TOP, 'tsconfig.json'), ts.sys.readFile).config,
    ts.sys,
    TOP,
  ).options,
  paths: Object.fromEntries(Object.entries(ENTRIES).map(([name, file]) => [name, [path.join(TOP, file)]])),
  isolatedModules: false,
  noImplicitAny: false,
  resolveJsonModule: true,
  verbatimModuleSyntax: false,
  noUncheckedIndexedAccess: false,
};

/** The names that an entry exports, and the examples in their docstrings and those of their members. */
function exportsOf(program: ts.Program, from: string): { names: string[]; examples: Example[] } {
  const checker = program.getTypeChecker();
  const module = checker.getSymbolAtLocation(program.getSourceFile(path.join(TOP, ENTRIES[from]!))!)!;
  const names: string[] = [];
  const examples: Example[] = [];
  for (const exported of checker.getExportsOfModule(module)) {
    names.push(exported.name);
    const symbol = exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported;
    const members = [...(symbol.members?.values() ?? [])];
    for (const documented of [symbol, ...members]) {
      for (const { name, text } of documented.getJsDocTags(checker)) {
        const example = ts.displayPartsToString(text);
        if (name !== 'example' || example.startsWith('```json')) continue;
        examples.push({ of: exported.name, from, code: unfenced(example) });
      }
    }
  }
  return { names, examples };
}

function unfenced(text: string): string {
  return /^```ts\n([\s\S]*?)\n```/.exec(text)?.[1] ?? text;
}

/** An example as a module: if it imports nothing, names come from the entry of the example, or else from another one. */
function moduleOf({ code, from }: Example, names: ReadonlyMap<string, readonly string[]>): string {
  const uses = (name: string) => new RegExp(`(?<!(?<!\\.)\\.|')\\b${name}\\b(?!:)`).test(code);
  const declares = (name: string) =>
    new RegExp(`\\b(?:const|let|import)\\b(?: type)? (?:\\{[^}]*)?\\b${name}\\b`).test(code);
  const given = Object.entries(GIVEN)
    .filter(([name]) => uses(name) && !declares(name))
    .map(([name, type]) => `declare const ${name}: ${type};`);
  const imported = new Map<string, string>();
  for (const module of [from, ...names.keys()]) {
    for (const name of names.get(module)!) {
      const isNeeded = name !== 'default' && !(name in GIVEN) && uses(name) && !declares(name);
      if (isNeeded && !imported.has(name)) imported.set(name, module);
    }
  }
  const imports = [...imported].map(([name, module]) => `import { ${name} } from '${module}';`);
  return [...imports, ...given, code, 'export {};'].join('\n');
}

it('the examples in the docstrings of the public API compile', () => {
  const roots = Object.values(ENTRIES).map((file) => path.join(TOP, file));
  const program = ts.createProgram(roots, options);
  const all = Object.keys(ENTRIES).map((entry) => ({ entry, ...exportsOf(program, entry) }));
  const names = new Map(all.map(({ entry, names }) => [entry, names]));
  const modules = new Map(
    all
      .flatMap(({ examples }) => examples)
      .map((example, index) => [
        path.join(TOP, `example-${index}-${example.of}.mts`),
        moduleOf(example, names),
      ]),
  );
  expect(modules.size).toBeGreaterThan(60);

  const files = new Map([...modules, [path.join(TOP, 'staticfiles.json'), '{ "paths": {} }']]);
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists, readFile } = host;
  host.getSourceFile = (name, ...rest) =>
    files.has(name)
      ? ts.createSourceFile(name, files.get(name)!, {
          languageVersion: ts.ScriptTarget.ES2023,
          impliedNodeFormat: ts.ModuleKind.ESNext,
        })
      : (program.getSourceFile(name) ?? getSourceFile(name, ...rest));
  host.fileExists = (name) => files.has(name) || fileExists(name);
  host.readFile = (name) => files.get(name) ?? readFile(name);
  const checked = ts.createProgram([...modules.keys()], options, host);
  const problems = [...modules.keys()].flatMap((file) =>
    ts
      .getPreEmitDiagnostics(checked, checked.getSourceFile(file))
      .map(
        ({ messageText }) =>
          `${path.basename(file)}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}\n${modules.get(file)}`,
      ),
  );
  expect(problems).toEqual([]);
}, 120_000);
