import { inspect } from 'node:util';
import * as v from 'valibot';
import type { CheckMessage } from './check-message.js';

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
export async function unknownKey(
  name: string,
  key: string,
  value: unknown,
  known: readonly string[],
): Promise<CheckMessage> {
  const { nearestName } = await import('./nearest-name.js');
  const nearest = await nearestName(key, known);
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

/** `[1].dir` for the key `dir` of the second entry of a list. */
export function pathSuffix(issue: v.BaseIssue<unknown>): string {
  const keys = issue.path?.map(({ key }) => key) ?? [];
  return keys.map((key) => (typeof key === 'number' ? `[${key}]` : `.${key}`)).join('');
}

/** A value in one line, not longer than a person reads. */
export function show(value: unknown): string {
  if (typeof value === 'function') return 'a function';
  const text = inspect(value, { depth: 1, breakLength: Number.POSITIVE_INFINITY });
  return text.length <= 80 ? text : `${text.slice(0, 77)}...`;
}

async function nearMiss({
  type,
  input,
  expected,
}: v.BaseIssue<unknown>): Promise<{ readonly hint?: string }> {
  if (type !== 'picklist' || typeof input !== 'string') return {};
  const allowed = Array.from(expected?.matchAll(/"(\w+)"/g) ?? [], (match) => match[1]!);
  const { nearestName } = await import('./nearest-name.js');
  const nearest = await nearestName(input, allowed);
  return nearest === undefined ? {} : { hint: `Did you mean '${nearest}'?` };
}
