import { inspect } from 'node:util';
import * as v from 'valibot';
import { StaticFilesError } from '../errors.js';

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

/** The options of a storage, one by one. A schema's message says what is expected: `a string that is not empty`. */
export interface OptionsRules {
  /** As the settings name it: `s3`. */
  readonly storage: string;
  readonly entries: v.ObjectEntries;
  /** What else may stand beside them, and is looked at elsewhere. */
  readonly beside?: readonly string[];
  /** Options whose values no message may show. */
  readonly secret: readonly string[];
}

/**
 * Holds the options of a storage against their schemas.
 *
 * @throws StaticFilesError `settings` with all that is wrong with them
 */
export function checkOptions(rules: OptionsRules, options: object): void {
  const result = v.safeParse(v.objectWithRest(rules.entries, v.never()), options);
  if (result.success) return;
  const problems = result.issues.map((issue) => describe(issue, rules));
  throw new StaticFilesError('settings', problems.join('\n'));
}

function describe(
  issue: v.BaseIssue<unknown>,
  { storage, entries, beside = [], secret }: OptionsRules,
): string {
  const keys = issue.path?.map(({ key }) => String(key)) ?? [];
  const subject = `option '${keys.join('.')}' of the storage '${storage}'`;
  if (issue.type === 'never') {
    const allowed = new Set([...Object.keys(entries), ...beside]);
    return `Unknown ${subject}. Allowed are: ${[...allowed].join(', ')}.`;
  }
  if (issue.input === undefined) return `The ${subject} is missing.`;
  if (secret.includes(keys[0]!)) return `The ${subject} is not as it must be; expected ${issue.message}.`;
  const given = inspect(issue.input, { depth: 1, breakLength: Number.POSITIVE_INFINITY });
  return `The ${subject} is ${given}; expected ${issue.message}.`;
}

/**
 * Refuses options that another one makes meaningless.
 *
 * @throws StaticFilesError `settings`, naming them
 */
export function refuseBeside(
  option: string,
  others: readonly string[],
  options: object,
  storage: string,
): void {
  const given = others.filter((other) => (options as Record<string, unknown>)[other] !== undefined);
  if (given.length === 0) return;
  const message = `The option '${option}' of the storage '${storage}' stands for ${given.join(', ')} too: give one or the other.`;
  throw new StaticFilesError('settings', message);
}

/** The options that were given: a spread over defaults must not put `undefined` in their place. */
export function withoutUndefined<Options extends object>(options: Options): Options {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as Options;
}

const TEXT = 'a string that is not empty';

/** A text that is not empty. */
export const text = v.pipe(v.string(TEXT), v.nonEmpty(TEXT));

const FLAG = 'true or false';

export const flag = v.boolean(FLAG);

/** The address of a service: `https://…`. */
const ADDRESS = "an address that begins with 'https://' or 'http://'";

export const address = v.pipe(v.string(ADDRESS), v.regex(/^https?:\/\/[^/]/, ADDRESS));

/** A whole number that is not less than another. */
export function wholeNumber(least: number, unit = '') {
  const expected = `a whole number${unit}, ${least} or more`;
  return v.pipe(v.number(expected), v.safeInteger(expected), v.minValue(least, expected));
}
