import * as v from 'valibot';
import { pathSuffix, show } from '../plugins/options.js';
import type { CheckMessage } from './checks/message.js';
import { settingsSchemas } from './schema.js';
import type { UserSettings } from './settings.js';

/** A value that is as its schema wants it, or what is wrong with it. */
export type Validated<Value> =
  | { readonly value: Value; readonly messages?: never }
  | { readonly value?: never; readonly messages: readonly CheckMessage[] };

/**
 * Holds a part of the settings against its schema.
 *
 * @param name - as a person would find it: `storages`, `staticfilesDirs[1]`
 */
export async function validate<Value>(
  schema: v.GenericSchema<unknown, Value>,
  input: unknown,
  name: string,
): Promise<Validated<Value>> {
  const result = v.safeParse(schema, input);
  if (result.success) return { value: result.output };
  return { messages: await Promise.all(result.issues.map((issue) => describeIssue(issue, name))) };
}

/** The message about a key that is not known, with the known one that is nearest. */
async function unknownKey(
  name: string,
  key: string,
  value: unknown,
  known: readonly string[],
): Promise<CheckMessage> {
  const { nearestName } = await import('../text/suggest.js');
  const nearest = nearestName(key, known);
  const suggestion = nearest === undefined ? '' : `Did you mean '${nearest}'? `;
  return {
    code: 'E006',
    message: `Unknown setting '${name}' (its value is ${show(value)}).`,
    hint: `${suggestion}Allowed are: ${known.join(', ')}.`,
  };
}

async function describeIssue(issue: v.BaseIssue<unknown>, root: string): Promise<CheckMessage> {
  const name = root + pathSuffix(issue);
  if (issue.type === 'never') {
    return unknownKey(name, String(issue.path!.at(-1)!.key), issue.input, issue.message.split(','));
  }
  if (name === 'storages.staticfiles' && issue.input === undefined) {
    return { code: 'E005', message: 'The storages setting must define a staticfiles storage.' };
  }
  const given = issue.input === undefined ? 'missing' : show(issue.input);
  return {
    code: 'E007',
    message: `${name} is ${given}; expected ${issue.message}.`,
    ...(await nearMiss(issue)),
  };
}

async function nearMiss({
  type,
  input,
  expected,
}: v.BaseIssue<unknown>): Promise<{ readonly hint?: string }> {
  if (type !== 'picklist' || typeof input !== 'string') return {};
  const allowed = Array.from(expected?.matchAll(/"(\w+)"/g) ?? [], (match) => match[1]!);
  const { nearestName } = await import('../text/suggest.js');
  const nearest = nearestName(input, allowed);
  return nearest === undefined ? {} : { hint: `Did you mean '${nearest}'?` };
}

/** What of the settings can be used, and what is wrong with the rest. */
export interface ValidatedSettings {
  /** Only the keys that are as they should be. Entries of `staticfilesDirs` and `installedApps` are not looked at yet. */
  readonly settings: UserSettings;
  readonly messages: readonly CheckMessage[];
}

const NOT_A_LIST = { code: 'E001', message: 'The staticfilesDirs setting is not a list.' };

/** Holds the settings against the schemas, each key by itself, so that one wrong key hides nothing of the others. */
export async function validateSettings(input: object): Promise<ValidatedSettings> {
  const entries = Object.entries(input).filter(([, value]) => value !== undefined);
  const results = await Promise.all(
    entries.map(async ([key, value]) => [key, await validateKey(key, value)] as const),
  );
  return {
    settings: Object.fromEntries(
      results.flatMap(([key, { value }]) => (value === undefined ? [] : [[key, value]])),
    ),
    messages: results.flatMap(([, { messages }]) => messages ?? []),
  };
}

async function validateKey(key: string, value: unknown): Promise<Validated<unknown>> {
  if (!Object.hasOwn(settingsSchemas, key)) {
    return { messages: [await unknownKey(key, key, value, Object.keys(settingsSchemas))] };
  }
  const result = await validate<unknown>(settingsSchemas[key as keyof typeof settingsSchemas], value, key);
  return key === 'staticfilesDirs' && result.messages ? { messages: [NOT_A_LIST] } : result;
}
