import path from 'node:path';
import ts from 'typescript';
import { expect, it } from 'vitest';

const TOP = path.resolve(import.meta.dirname, '../..');

/** The packages' entries whose examples are checked, by what an application imports. */
const ENTRIES = { staticfiles: 'src/index.ts', 'staticfiles/config': 'src/settings/config.ts' };

/** Names that an example may use without a declaration. */
const GIVEN = {
  settings: "import('staticfiles').Settings",
  context: "import('staticfiles').PluginContext",
  output: "import('staticfiles').Output",
  root: "import('staticfiles').SearchRoot",
  store: "import('staticfiles').ObjectStore",
  signal: 'AbortSignal',
  fs: "typeof import('node:fs')",
} as const;

interface Example {
  readonly of: string;
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
  verbatimModuleSyntax: false,
  noUncheckedIndexedAccess: false,
};

/** The names that an entry exports, and the examples in their docstrings and those of their members. */
function exportsOf(program: ts.Program, entry: string): { names: string[]; examples: Example[] } {
  const checker = program.getTypeChecker();
  const module = checker.getSymbolAtLocation(program.getSourceFile(path.join(TOP, entry))!)!;
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
        examples.push({ of: exported.name, code: unfenced(example) });
      }
    }
  }
  return { names, examples };
}

function unfenced(text: string): string {
  return /^```ts\n([\s\S]*?)\n```/.exec(text)?.[1] ?? text;
}

/** An example as a module: names of the package are imported if it imports nothing. */
function moduleOf({ code }: Example, names: readonly string[]): string {
  const uses = (name: string) => new RegExp(`\\b${name}\\b`).test(code);
  const declares = (name: string) => new RegExp(`\\b(?:const|let) (?:\\{[^}]*)?\\b${name}\\b`).test(code);
  const given = Object.entries(GIVEN)
    .filter(([name]) => uses(name) && !declares(name))
    .map(([name, type]) => `declare const ${name}: ${type};`);
  const imports = /^import /m.test(code)
    ? ''
    : `import { ${names.filter((name) => uses(name) && name !== 'default').join(', ')} } from 'staticfiles';`;
  return [imports, ...given, code, 'export {};'].join('\n');
}

it('the examples in the docstrings of the public API compile', () => {
  const roots = Object.values(ENTRIES).map((file) => path.join(TOP, file));
  const program = ts.createProgram(roots, options);
  const all = Object.values(ENTRIES).map((entry) => exportsOf(program, entry));
  const names = all[0]!.names;
  const modules = new Map(
    all
      .flatMap(({ examples }) => examples)
      .map((example, index) => [
        path.join(TOP, `example-${index}-${example.of}.mts`),
        moduleOf(example, names),
      ]),
  );
  expect(modules.size).toBeGreaterThan(20);

  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists, readFile } = host;
  host.getSourceFile = (name, ...rest) =>
    modules.has(name)
      ? ts.createSourceFile(name, modules.get(name)!, {
          languageVersion: ts.ScriptTarget.ES2023,
          impliedNodeFormat: ts.ModuleKind.ESNext,
        })
      : (program.getSourceFile(name) ?? getSourceFile(name, ...rest));
  host.fileExists = (name) => modules.has(name) || fileExists(name);
  host.readFile = (name) => modules.get(name) ?? readFile(name);
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
