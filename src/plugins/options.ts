import { inspect } from 'node:util';
import * as v from 'valibot';
import { type SettingsProblem, StaticFilesError } from '../errors.js';
import { isRecord } from '../text/json.js';
import { nearestName } from '../text/suggest.js';

/** Rules for the options of a plug-in. A schema's message is the noun of what is expected: `a path`. */
export interface OptionsRules {
  /** Kind and name of the plug-in: `storage 's3'`. */
  readonly plugin: string;
  readonly entries: v.ObjectEntries;
  /** Options whose values no message may show. */
  readonly secret?: readonly string[];
}

/**
 * Checks the options of a plug-in.
 *
 * @throws StaticFilesError `settings` with all problems; their keys are relative to the options
 */
export function checkOptions(rules: OptionsRules, options: object): void {
  throwOnProblems(optionProblems(rules, options), rules.plugin);
}

/** Throws the problems of a plug-in's options as one error. */
export function throwOnProblems(problems: readonly SettingsProblem[], plugin: string): void {
  if (problems.length === 0) return;
  const lines = problems.map((problem) => `${plugin}: ${problemText(problem)}`);
  throw new StaticFilesError('settings', lines.join('\n'), { details: { problems } });
}

/** The error for options that are invalid together. */
export function invalidOption(plugin: string, key: string, message: string, hint?: string): StaticFilesError {
  const problem = { code: 'E007', key, message, ...(hint !== undefined && { hint }) };
  return new StaticFilesError('settings', `${plugin}: ${problemText(problem)}`, {
    details: { problems: [problem] },
  });
}

/** The problems of a plug-in's options, with keys relative to the options: `hash.length`. */
export function optionProblems(
  { plugin, entries, secret }: OptionsRules,
  options: object,
): SettingsProblem[] {
  const given = withoutUndefined(options);
  const { issues = [] } = v.safeParse(v.objectWithRest(entries, unknownKeyOf(entries)), given);
  return issues.map((issue) => problemOf(issue, { noun: `option of the ${plugin}`, secret }));
}

/** One problem in one line: `staticRot: unknown setting. Did you mean 'staticRoot'? (staticfiles.E006)`. */
export function problemText({ code, key, message, hint }: SettingsProblem, place = key): string {
  const numbered = /^[EW]\d/.test(code) ? `(staticfiles.${code})` : undefined;
  const text = [message, hint, numbered].filter((part) => part !== undefined).join(' ');
  return place === undefined ? text : `${place}: ${text}`;
}

/** How a problem is described. */
interface Subject {
  /** The key of the checked value; its own keys follow. */
  readonly key?: string;
  /** What a key is called: `setting`. */
  readonly noun: string;
  readonly secret?: readonly string[] | undefined;
}

/** Describes what valibot found. */
export function problemOf(
  issue: v.BaseIssue<unknown>,
  { key = '', noun, secret = [] }: Subject,
): SettingsProblem {
  const own = (key + pathSuffix(issue)).replace(/^\./, '');
  const at = own === '' ? {} : { key: own };
  if (issue.type === 'never') return unknownKey(own, issue.message.split(','), noun);
  if (issue.input === undefined) {
    const noun = typeof issue.path?.at(-1)?.key === 'number' ? 'entry' : 'key';
    return { code: 'E007', ...at, message: `this ${noun} is required.` };
  }
  const isSecret = secret.includes(String(issue.path?.[0]?.key));
  const given = isSecret ? 'another value' : show(issue.input);
  return { code: 'E007', ...at, message: `expected ${issue.message}, got ${given}.`, ...nearMiss(issue) };
}

/** The problem of a key that is not one of the known ones. */
export function unknownKey(key: string, known: readonly string[], noun: string): SettingsProblem {
  const nearest = nearestName(key.slice(key.lastIndexOf('.') + 1), known);
  const hint = nearest === undefined ? `Allowed: ${someOf(known)}.` : `Did you mean '${nearest}'?`;
  return { code: 'E006', key, message: `unknown ${noun}.`, hint };
}

function someOf(names: readonly string[]): string {
  const shown = 5;
  if (names.length <= shown + 1) return names.join(', ');
  return `${names.slice(0, shown).join(', ')} and ${names.length - shown} more`;
}

function nearMiss({ type, input, expected }: v.BaseIssue<unknown>): Pick<SettingsProblem, 'hint'> {
  if (type !== 'picklist' || typeof input !== 'string') return {};
  const allowed = Array.from(expected?.matchAll(/"([\w-]+)"/g) ?? [], (match) => match[1]!);
  const nearest = nearestName(input, allowed);
  return nearest === undefined ? {} : { hint: `Did you mean '${nearest}'?` };
}

/** `[1].dir` for the key `dir` of the second entry of a list. */
export function pathSuffix(issue: v.BaseIssue<unknown>): string {
  const keys = issue.path?.map(({ key }) => key) ?? [];
  return keys.map((key) => (typeof key === 'number' ? `[${key}]` : `.${key}`)).join('');
}

/** A value in one short line. */
export function show(value: unknown): string {
  if (typeof value === 'function') return 'a function';
  const text = inspect(value, { depth: 1, breakLength: Number.POSITIVE_INFINITY });
  return text.length <= 80 ? text : `${text.slice(0, 77)}...`;
}

/**
 * Refuses options that another option already decides.
 *
 * @throws StaticFilesError `settings`, naming them
 */
export function refuseBeside(
  option: string,
  others: readonly string[],
  options: object,
  plugin: string,
): void {
  const given = others.filter((other) => (options as Record<string, unknown>)[other] !== undefined);
  if (given.length === 0) return;
  throw invalidOption(
    plugin,
    option,
    `cannot be combined with ${given.join(', ')}.`,
    'Use one or the other.',
  );
}

/** The options that have a value, so that spreading them over defaults leaves these in place. */
export function withoutUndefined<Options extends object>(options: Options): Options {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as Options;
}

/** A schema that picks one of several by the form of the input, so that its messages are those of that one. */
export interface OneOf<Output> extends v.LazySchema<v.GenericSchema<unknown, Output>> {
  /** All of them, for the JSON schema. */
  readonly schemas: readonly v.GenericSchema<unknown, Output>[];
}

/** Picks the schema for an input: the first whose condition holds, else the last one. */
export function oneOf<Output>(
  ...cases: readonly (readonly [
    fits: (input: unknown) => boolean,
    schema: v.GenericSchema<unknown, Output>,
  ])[]
): OneOf<Output> {
  const pick = (input: unknown) => (cases.find(([fits]) => fits(input)) ?? cases.at(-1)!)[1];
  return Object.assign(v.lazy(pick), { schemas: cases.map(([, schema]) => schema) });
}

/**
 * An object with these keys and no others. (`strictObject` reports only the first unknown key, and both accept lists.)
 * The message about an unknown key is the list of the known ones, from which the suggestion comes.
 */
export function strict<Entries extends v.ObjectEntries>(
  entries: Entries,
  allowed: string,
): OneOf<v.InferOutput<v.ObjectSchema<Entries, undefined>>> {
  type Output = v.InferOutput<v.ObjectSchema<Entries, undefined>>;
  const object: v.GenericSchema<unknown, Output> = v.objectWithRest(entries, unknownKeyOf(entries), allowed);
  const noObject = v.custom<Output>(isRecord, allowed);
  return Object.assign(
    v.lazy((input) => (isRecord(input) ? object : noObject)),
    { schemas: [object] },
  );
}

function unknownKeyOf(entries: v.ObjectEntries) {
  return v.never(Object.keys(entries).join(','));
}

/** An object with any keys. */
export function record(expected: string) {
  return v.pipe(
    v.custom<Readonly<Record<string, unknown>>>(isRecord, expected),
    v.record(v.string(), v.unknown()),
  );
}

const TEXT = 'a string that is not empty';

/** A text that is not empty. */
export const text = v.pipe(v.string(TEXT), v.nonEmpty(TEXT));

/** The path of a file or folder. */
export const path = v.pipe(
  v.string('a path'),
  v.nonEmpty('a path that is not empty'),
  v.excludes('\0', 'a path without NUL characters'),
);

const FLAG = 'true or false';

export const flag = v.boolean(FLAG);

/** The address of a service: `https://…`. */
const ADDRESS = "an address that begins with 'https://' or 'http://'";

export const address = v.pipe(v.string(ADDRESS), v.regex(/^https?:\/\/[^/]/, ADDRESS));

/** A whole number that is at least another. */
export function wholeNumber(least: number, unit = '', most = Number.MAX_SAFE_INTEGER) {
  const expected =
    most === Number.MAX_SAFE_INTEGER
      ? `a whole number${unit}, ${least} or more`
      : `a whole number${unit} from ${least} to ${most}`;
  return v.pipe(
    v.number(expected),
    v.safeInteger(expected),
    v.minValue(least, expected),
    v.maxValue(most, expected),
  );
}
