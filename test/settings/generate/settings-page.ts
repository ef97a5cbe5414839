import type { JsonSchema } from '@valibot/to-json-schema';
import type { PluginFamily } from '../../../src/plugins/plugin.js';
import { hooks, processors, storages } from '../../../src/settings/built-ins.js';
import type { Docstring, Docstrings } from './docstrings.js';
import { OBJECT_STORAGE, OPTIONS, optionsOf, SETTINGS, settingsJsonSchema } from './settings-schema.js';

const INTRO = `# Settings

<!-- Generated from src/settings/. To change it, edit the docstrings there and run \`npm run generate\`. -->

Settings are optional. Put them in \`staticfiles.config.json\` at the root of the project:

\`\`\`json
{
  "$schema": "./node_modules/staticfiles/schemas/settings.json",
  "staticRoot": "public/static",
  "installedApps": ["apps/*"]
}
\`\`\`

\`$schema\` lets the editor complete and check them. Comments and trailing commas are allowed.

- Other names: \`staticfiles.config.jsonc\`, \`.ts\`, \`.mts\`, \`.js\`, \`.mjs\`, \`.cjs\`, or the key \`staticfiles\` in \`package.json\`.
- The nearest file counts, from the current folder upwards. A second one in the same folder is not used, and warned of. \`--settings FILE\` names another one.
- Relative paths are resolved from the settings file's folder.
- Unknown keys and wrong values are errors. All are reported together: [checks.md](checks.md).

## In TypeScript and JavaScript

\`defineConfig\` lets the editor check every key, down to the options of the built-in plug-ins:

\`\`\`ts
import { defineConfig } from 'staticfiles/config';

export default defineConfig(({ command, env }) => ({
  staticRoot: 'public/static',
  installedApps: ['apps/*', 'my-widgets'],
  postProcess: env.NODE_ENV === 'production' ? [['fingerprint', { exclude: ['robots.txt'] }], 'compress'] : [],
  conflicts: command === 'collectstatic' ? 'error' : 'allow',
}));
\`\`\`

It takes an object, a promise, or a function that returns one of them. A function gets:

| property | value |
| --- | --- |
| \`command\` | \`collectstatic\`, \`findstatic\`, \`serve\`, \`releases\`, \`prune\`, \`apply\` or \`cache\`. A program passes its own to \`loadSettings({ command })\`; it is \`undefined\` otherwise |
| \`env\` | the environment variables, such as \`env.NODE_ENV\` |

`;

/** The text of docs/settings.md. */
export async function settingsPage(): Promise<string> {
  const { properties } = (await settingsJsonSchema()) as { properties: Record<string, JsonSchema> };
  const keys = [...SETTINGS.entries()];
  const rows = keys.map(
    ([key, { defaultValue = '' }]) =>
      `| [\`${key}\`](#${key.toLowerCase()}) | ${typeOf(properties[key]!)} | ${cell(defaultValue)} |`,
  );
  const index = ['## All settings', '', '| setting | type | default |', '| --- | --- | --- |', ...rows];
  const sections = keys.map(([key, docstring]) => section(key, docstring, properties[key]!));
  const plugins = [
    ...(await optionTables(processors as unknown as PluginFamily<never>)),
    ...(await optionTables(storages as unknown as PluginFamily<never>)),
    await sharedTable(),
    ...(await optionTables(hooks as unknown as PluginFamily<never>)),
  ];
  return `${[INTRO + index.join('\n'), ...sections, ...plugins].join('\n\n')}\n`;
}

function section(key: string, { text, defaultValue, examples }: Docstring, schema: JsonSchema): string {
  const facts = [
    `Type: ${typeOf(schema)}`,
    ...(defaultValue === undefined ? [] : [`default: ${defaultValue}`]),
  ];
  const code = examples.map((example) => `\`\`\`json\n${example.trim()}\n\`\`\``);
  return [`### ${key}`, linked(text), `${facts.join('; ')}.`, ...code].join('\n\n');
}

async function optionTables(family: PluginFamily<never>): Promise<string[]> {
  return (await optionsOf(family)).map(([, plugin, schema]) => {
    const docs = OPTIONS[plugin]!;
    const isShared = (key: string) => docs.get(key) === OBJECT_STORAGE.get(key);
    const own = new Map([...docs].filter(([key]) => !isShared(key)));
    const hasShared = own.size < docs.size;
    const more = hasShared
      ? ['', 'It also has the [options of all object storages](#options-of-all-object-storages).']
      : [];
    return [`## Options of the ${plugin.replaceAll("'", '`')}`, '', ...table(own, schema), ...more].join(
      '\n',
    );
  });
}

async function sharedTable(): Promise<string> {
  const [, , schema] = (await optionsOf(storages as unknown as PluginFamily<never>)).find(
    ([name]) => name === 's3',
  )!;
  return ['## Options of all object storages', '', ...table(OBJECT_STORAGE, schema)].join('\n');
}

function table(docs: Docstrings, schema: JsonSchema): string[] {
  return ['| option | type | meaning |', '| --- | --- | --- |', ...rowsOf(docs, schema, '')];
}

function rowsOf(docs: Docstrings, schema: JsonSchema, prefix: string): string[] {
  const properties = (schema.properties ?? {}) as Record<string, JsonSchema>;
  const required = (schema.required ?? []) as readonly string[];
  return [...docs.entries()].flatMap(([key, { text, members }]) => {
    const own = properties[key];
    const type = own === undefined ? 'only in JavaScript' : typeOf(own);
    const isRequired = required.includes(key) ? ', required' : '';
    const row = `| \`${prefix}${key}\` | ${type}${isRequired} | ${cell(linked(text))} |`;
    return [row, ...(own && members.size > 0 ? rowsOf(members, own, `${prefix}${key}.`) : [])];
  });
}

/** The type in words: `text`, `list`, `true or false`. */
function typeOf({ type, enum: values, anyOf, const: constant }: JsonSchema): string {
  if (constant !== undefined) return `\`${JSON.stringify(constant)}\``;
  if (values !== undefined) return values.map((value) => `\`${JSON.stringify(value)}\``).join(', ');
  if (anyOf !== undefined) return [...new Set((anyOf as JsonSchema[]).map(typeOf))].join(' or ');
  return WORDS[String(type)] ?? 'any';
}

const WORDS: Readonly<Record<string, string>> = {
  string: 'text',
  array: 'list',
  object: 'object',
  boolean: '`true` or `false`',
  number: 'number',
  integer: 'number',
  null: '`null`',
};

function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}

/** Pages of the documentation as links. */
function linked(text: string): string {
  return text.replaceAll(/\(docs\/([\w-]+\.md)\)/g, '([$1]($1))');
}
