import * as v from 'valibot';
import type { SettingsProblem } from '../errors.js';
import { optionProblems, problemOf, unknownKey } from '../plugins/options.js';
import { isRecord } from '../text/json.js';
import { pluginEntries } from './plugin-entries.js';
import { SCHEMA_KEY, settingsSchemas } from './schema.js';
import type { UserSettings } from './settings.js';

/** A valid value, or its problems. */
export type Validated<Value> =
  | { readonly value: Value; readonly problems?: never }
  | { readonly value?: never; readonly problems: readonly SettingsProblem[] };

/**
 * Checks a part of the settings against its schema.
 *
 * @param key the key of the part: `storages`, `staticfilesDirs[1]`
 */
export function validate<Value>(
  schema: v.GenericSchema<unknown, Value>,
  input: unknown,
  key: string,
): Validated<Value> {
  const result = v.safeParse(schema, input);
  if (result.success) return { value: result.output };
  return { problems: result.issues.map((issue) => problemOf(issue, { key, noun: 'setting' })) };
}

/** The valid part of the settings, and the problems of the rest. */
export interface ValidatedSettings {
  /** Only the keys with a valid value. Entries of `staticfilesDirs` and `installedApps` are not checked yet. */
  readonly settings: UserSettings;
  readonly problems: readonly SettingsProblem[];
}

/** Checks each key of the settings on its own, so that one invalid key does not hide the problems of the others. */
export async function validateSettings(input: object): Promise<ValidatedSettings> {
  const entries = Object.entries(input).filter(([key, value]) => value !== undefined && key !== SCHEMA_KEY);
  const results = entries.map(([key, value]) => [key, validateKey(key, value)] as const);
  const settings: UserSettings = Object.fromEntries(
    results.flatMap(([key, { value }]) => (value === undefined ? [] : [[key, value]])),
  );
  const problems = results.flatMap(([, result]) => result.problems ?? []);
  return { settings, problems: [...problems, ...(await pluginProblems(settings))] };
}

function validateKey(key: string, value: unknown): Validated<unknown> {
  if (!Object.hasOwn(settingsSchemas, key)) {
    return { problems: [unknownKey(key, Object.keys(settingsSchemas), 'setting')] };
  }
  const schema: v.GenericSchema = settingsSchemas[key as keyof typeof settingsSchemas];
  const { problems, value: valid } = validate(schema, value, key);
  if (problems === undefined) return { value: valid };
  return { problems: problems.map((problem) => ({ ...problem, code: codeOf(problem, value) })) };
}

/** Django has codes of its own for two of these problems. */
function codeOf({ key, code }: SettingsProblem, value: unknown): string {
  if (key === 'staticfilesDirs') return 'E001';
  return key === 'storages.staticfiles' && isRecord(value) && value.staticfiles === undefined ? 'E005' : code;
}

/** The problems in the options of built-in plug-ins. Custom ones check their options themselves. */
async function pluginProblems(settings: UserSettings): Promise<SettingsProblem[]> {
  const problems: SettingsProblem[] = [];
  for (const { plugin, options = {}, optionsKey, family } of pluginEntries(settings)) {
    const rules = typeof plugin === 'string' ? await family.optionRules?.[plugin]?.() : undefined;
    if (rules !== undefined)
      problems.push(...optionProblems(rules, options).map((each) => below(optionsKey, each)));
  }
  return problems;
}

/** A problem of options, with the key of the options before its own. */
export function below(optionsKey: string, { key, ...problem }: SettingsProblem): SettingsProblem {
  return { ...problem, key: key === undefined ? optionsKey : `${optionsKey}.${key}` };
}
