import { type JsonSchema, toJsonSchema } from '@valibot/to-json-schema';
import * as v from 'valibot';
import type { OptionsRules } from '../../../src/plugins/options.js';
import type { PluginFamily } from '../../../src/plugins/plugin.js';
import { hooks, processors, storages } from '../../../src/settings/built-ins.js';
import { installedApp, SCHEMA_KEY, settingsSchemas, staticFilesDir } from '../../../src/settings/schema.js';
import { type Docstrings, docstringsOf } from './docstrings.js';

/** The JSON schema of the settings, as schemas/settings.json has it. */
export async function settingsJsonSchema(): Promise<JsonSchema> {
  const entries = {
    ...settingsSchemas,
    staticfilesDirs: v.array(staticFilesDir),
    installedApps: v.array(installedApp),
  };
  const order = [...SETTINGS.keys()];
  const converted = Object.fromEntries(
    order.map((key) => [key, convert(entries[key as keyof typeof entries])]),
  );
  const { storages: storage, manifest, postProcess } = converted as Record<string, JsonSchema>;
  const postProcessItems = await namedPlugins(processors);
  const properties = {
    ...converted,
    storages: withProperty(storage!, 'staticfiles', {
      ...(await storageEntry()),
      properties: { ...(await storageEntry()).properties, afterPublish: await namedPlugins(hooks) },
    }),
    manifest: withProperty(manifest!, 'storage', await storageEntry()),
    postProcess: { ...postProcess, items: postProcessItems },
  } as Record<string, JsonSchema>;
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'Settings of staticfiles',
    type: 'object',
    properties: {
      [SCHEMA_KEY]: { type: 'string', description: 'Path or URL of this schema, for editors.' },
      ...described(properties, SETTINGS),
    },
    additionalProperties: false,
    allowTrailingCommas: true,
  } as JsonSchema;
}

/** The docstrings of the settings, in the order of use. */
export const SETTINGS: Docstrings = docstringsOf('settings/settings.ts', 'UserSettings');

/** The docstrings of the options that all object storages share. */
export const OBJECT_STORAGE: Docstrings = docstringsOf('storages/objects/options.ts', 'ObjectStorageOptions');

/** A docstring of the service wins over the shared one. */
function objectStorage(name: string, type: string): Docstrings {
  const own = docstringsOf(`storages/${name}/options.ts`, type);
  return new Map([...own, ...OBJECT_STORAGE, ...own]);
}

/** The docstrings of the options of each plug-in, by its kind and name. */
export const OPTIONS: Readonly<Record<string, Docstrings>> = {
  "processor 'fingerprint'": docstringsOf('processors/fingerprint/options.ts', 'FingerprintOptions'),
  "processor 'compress'": docstringsOf('processors/compress/options.ts', 'CompressOptions'),
  "storage 'filesystem'": docstringsOf('storages/filesystem/filesystem.ts', 'FilesystemOptions'),
  "storage 's3'": objectStorage('s3', 'S3Options'),
  "storage 'gcs'": objectStorage('gcs', 'GcsOptions'),
  "storage 'azure'": objectStorage('azure', 'AzureOptions'),
  "storage 'rsync'": docstringsOf('storages/rsync/options.ts', 'RsyncOptions'),
  "hook 'cloudfront'": docstringsOf('cdn/cloudfront/options.ts', 'CloudFrontOptions'),
};

/** The options of all built-in plug-ins of a family, by name. */
export async function optionsOf(
  family: PluginFamily<never>,
): Promise<[name: string, plugin: string, schema: JsonSchema][]> {
  const all: [string, string, JsonSchema][] = [];
  for (const [name, load] of Object.entries(family.optionRules ?? {})) {
    const rules = await load();
    all.push([name, rules.plugin, optionsSchema(rules)]);
  }
  return all;
}

function optionsSchema({ plugin, entries }: OptionsRules): JsonSchema {
  const schema = convert(v.strictObject(entries));
  return { ...schema, properties: described(schema.properties as Properties, OPTIONS[plugin]!) };
}

type Properties = Readonly<Record<string, JsonSchema>>;

/** Properties with their docstrings as descriptions, and with their defaults. */
function described(properties: Properties, docs: Docstrings): Record<string, JsonSchema> {
  return Object.fromEntries(
    Object.entries(properties).map(([key, schema]) => {
      const { text, defaultValue, members } = docs.get(key)!;
      const own = schema.properties as Properties | undefined;
      const inner = own && members.size > 0 ? { properties: described(own, members) } : {};
      const json = /^`(.*)`$/.exec(defaultValue ?? '')?.[1];
      const defaults = json === undefined || json.includes('`') ? {} : { default: JSON.parse(json) };
      return [key, { ...(text !== '' && { description: text }), ...defaults, ...schema, ...inner }];
    }),
  );
}

/** A built-in's name, the name of a custom one, or either of them with options. */
async function namedPlugins<Plugin>(family: PluginFamily<Plugin>): Promise<JsonSchema> {
  const names = Object.keys(family.builtIns);
  const custom: JsonSchema = { type: 'string', minLength: 1, not: { enum: names } };
  const withOptions = (name: JsonSchema, options: JsonSchema): JsonSchema => ({
    type: 'array',
    items: [name, options],
    minItems: 2,
    maxItems: 2,
  });
  const builtIn = await optionsOf(family as unknown as PluginFamily<never>);
  return {
    anyOf: [
      { enum: names },
      custom,
      ...builtIn.map(([name, , options]) => withOptions({ const: name }, options)),
      withOptions(custom, { type: 'object' }),
    ],
  };
}

/** A storage with the options of its backend. */
async function storageEntry(): Promise<JsonSchema> {
  const names = Object.keys(storages.builtIns);
  const all = await optionsOf(storages as unknown as PluginFamily<never>);
  const rules = all.map(([name, , options]): JsonSchema => {
    const isDefault = name === 'filesystem';
    const isNamed: JsonSchema = { properties: { backend: { const: name } } };
    return {
      if: isDefault ? isNamed : { ...isNamed, required: ['backend'] },
      // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON schema
      then: { properties: { options }, ...(!isDefault && { required: ['options'] }) },
    };
  });
  return {
    type: 'object',
    properties: {
      backend: { anyOf: [{ enum: names }, { type: 'string', minLength: 1 }] },
      options: { type: 'object' },
    },
    additionalProperties: false,
    allOf: rules,
  };
}

function withProperty(schema: JsonSchema, key: string, property: JsonSchema): JsonSchema {
  return { ...schema, properties: { ...(schema.properties as object), [key]: property } } as JsonSchema;
}

/** What no JSON value can be: a function, or an object with methods. */
const IMPOSSIBLE: JsonSchema = { not: {} };

const isPossible = (schema: JsonSchema): boolean => JSON.stringify(schema) !== JSON.stringify(IMPOSSIBLE);

/** Converts a schema of valibot; what JSON cannot express is left out. */
function convert(schema: v.GenericSchema): JsonSchema {
  const { $schema, ...converted } = toJsonSchema(schema, {
    errorMode: 'ignore',
    typeMode: 'output',
    overrideSchema: ({ valibotSchema, jsonSchema }) => {
      if (['custom', 'function', 'undefined'].includes(valibotSchema.type)) return IMPOSSIBLE;
      if (valibotSchema.type === 'lazy')
        return anyOf((valibotSchema as unknown as Alternatives).schemas.map(convert));
      if (jsonSchema.properties === undefined) return undefined;
      const possible = Object.entries(jsonSchema.properties as Properties).filter(([, each]) =>
        isPossible(each),
      );
      return { ...jsonSchema, properties: Object.fromEntries(possible), additionalProperties: false };
    },
  });
  return converted as JsonSchema;
}

interface Alternatives {
  readonly schemas: readonly v.GenericSchema[];
}

function anyOf(schemas: readonly JsonSchema[]): JsonSchema {
  const possible = schemas.filter(isPossible).flatMap((schema) => schema.anyOf ?? [schema]) as JsonSchema[];
  return possible.length === 1 ? possible[0]! : { anyOf: possible };
}
