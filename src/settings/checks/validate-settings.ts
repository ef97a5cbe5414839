import type { UserSettings } from '../settings.js';
import type { CheckMessage } from './check-message.js';
import { settingsSchemas } from './schema.js';
import { unknownKey, type Validated, validate } from './validate.js';

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
