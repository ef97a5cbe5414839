import fs from 'node:fs';
import { Ajv } from 'ajv';
import { expect, test } from 'vitest';
import { collectstatic } from '../../../src/collectstatic.js';
import type { FingerprintOptions } from '../../../src/processors/fingerprint/options.js';
import { fingerprint } from '../../../src/processors/fingerprint/processor.js';
import type { Settings } from '../../../src/settings/settings.js';
import { builtSettings } from '../../support/built-settings.js';
import { newProject } from '../../support/project.js';

const SCHEMA = new URL('../../../schemas/staticfiles.details.schema.json', import.meta.url);

/** Publishes files. Returns the imports in the details, of renamed files and of originals, by logical path. */
async function importsOf(
  files: Record<string, string>,
  options: FingerprintOptions = {},
  changes: Partial<Settings> = {},
) {
  const project = newProject(files);
  const names = Object.fromEntries(Object.keys(files).map((name) => [name, name]));
  const processors = [fingerprint({ missing: 'ignore', ...options })];
  await collectstatic(builtSettings(project, names, { processors, ...changes }));
  const read = (name: string) => JSON.parse(fs.readFileSync(project.path('root', name), 'utf8'));
  const details = read('staticfiles.details.json');
  const { paths } = read('staticfiles.json');
  const imports = (nameOf: (name: string) => string) =>
    Object.fromEntries(
      Object.keys(paths).flatMap((name) => {
        const found = details.files[nameOf(name)]?.imports;
        return found === undefined ? [] : [[name, found]];
      }),
    );
  return { published: imports((name) => paths[name]), originals: imports((name) => name), details };
}

test('the details list static imports in their order, each once, and nothing else', async () => {
  const { published } = await importsOf({
    'js/app.js': `
      export * from "./z.js";
      import def, { named } from "../lib/b.js?v=1";
      import "/static/js/a.js#x";
      import { again } from './z.js';
      import data from "./data.json" with { type: "json" };
      // import "./comment.js";
      const text = 'import "./string.js"';
      import("./dynamic.js"); new URL("./url.js", import.meta.url); import.meta.resolve("./resolved.js");
      import "lit"; import "https://cdn.example.com/x.js"; import "./gone.js"; import "./js/";
      //# sourceMappingURL=app.js.map`,
    ...Object.fromEntries(
      ['z', 'a', 'comment', 'string', 'dynamic', 'url', 'resolved'].map((name) => [
        `js/${name}.js`,
        'export {}',
      ]),
    ),
    'js/data.json': '{}',
    'js/app.js.map': '{}',
    'lib/b.js': 'export {}',
    'css/app.css': '@import "base.css";',
    'css/base.css': 'a{}',
  });
  expect(published).toEqual({ 'js/app.js': ['js/z.js', 'lib/b.js', 'js/a.js', 'js/data.json'] });
});

test('originals have the imports of the renamed files', async () => {
  const files = { 'a.mjs': 'import "./b.mjs"', 'b.mjs': 'import "./a.mjs"' };
  const { published, originals } = await importsOf(files);
  expect(published).toEqual({ 'a.mjs': ['b.mjs'], 'b.mjs': ['a.mjs'] });
  expect(originals).toEqual(published);
  expect((await importsOf(files, { originals: false })).originals).toEqual({});
});

test('a bare specifier counts if the import map resolves it to a file, by its longest key', async () => {
  const entries = {
    lit: 'lit/index.js',
    'lit/': 'lit/parts/',
    cdn: 'https://cdn.example.com/x.js',
    gone: 'gone.js',
  };
  const { published } = await importsOf(
    {
      'app.js':
        'import "lit/b.js"; import "./c.js"; import "lit"; import "cdn"; import "gone"; import "lodash"; import("lit/d.js")',
      'c.js': 'export {}',
      'gone.js': 'export {}',
      'lit/index.js': 'export * from "./parts/b.js"',
      'lit/parts/b.js': 'export {}',
      'lit/parts/d.js': 'export {}',
    },
    {},
    { importMap: { entries } },
  );
  expect(published).toEqual({
    'app.js': ['lit/parts/b.js', 'c.js', 'lit/index.js', 'gone.js'],
    'lit/index.js': ['lit/parts/b.js'],
  });
});

test('an import that asks for another name than the manifest’s is left out', async () => {
  const files = {
    'a.js': 'import "./b.js"; import "./fixed.js"',
    'b.js': 'export {}',
    'fixed.js': 'export {}',
  };
  const exclude = ['fixed.js'];
  expect((await importsOf(files, { exclude })).published).toEqual({ 'a.js': ['b.js', 'fixed.js'] });
  expect((await importsOf(files, { exclude, references: { javascript: false } })).published).toEqual({
    'a.js': ['fixed.js'],
  });
});

test('imports between chunks that a bundler has named count', async () => {
  const { published } = await importsOf(
    {
      'build/a-1.js': 'import "./b-2.js"; import "../plain.js"',
      'build/b-2.js': 'export {}',
      'plain.js': 'export {}',
    },
    { prehashed: ['build/**'] },
  );
  expect(published).toEqual({ 'build/a-1.js': ['build/b-2.js'] });
});

test('the details with imports match their schema', async () => {
  const { details } = await importsOf({ 'a.js': 'import "./b.js"', 'b.js': 'export {}' });
  const validate = new Ajv().compile(JSON.parse(fs.readFileSync(SCHEMA, 'utf8')));
  validate(details);
  expect(validate.errors).toBeNull();
  const [[name, file]] = Object.entries<object>(details.files) as [[string, object]];
  for (const imports of [[], ['b.js', 'b.js'], 'b.js', [1]])
    expect(validate({ ...details, files: { [name]: { ...file, imports } } })).toBe(false);
});
