import * as v from 'valibot';
import { StaticFilesError } from '../errors.js';
import { isPublishable } from '../model/public-path.js';
import { pathSuffix, show, strict } from '../plugins/options.js';
import { ignorePatterns, releaseId } from '../settings/schema.js';
import type { StoredFile } from '../storages/storage.js';
import { isRecord } from '../text/json.js';
import type { Action, Reason } from './plan.js';
import { PLAN_VERSION, type PlanFile, type PlannedFile, type PlannedOptions } from './plan-file.js';

/**
 * Reads the text of a plan file.
 *
 * @param where the file's name, for messages
 * @throws StaticFilesError `usage` with all problems, each with its place in the JSON
 */
export function parsePlanFile(text: string, where: string): PlanFile {
  let plan: unknown;
  try {
    plan = JSON.parse(text.replace(/^\ufeff/, ''));
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : cause;
    throw notApplicable(where, [`not valid JSON: ${message}`], { cause });
  }
  return checkPlanFile(plan, where);
}

/**
 * Returns a plan file that has nothing in it but what a plan may say. Any other key or value is an error, since it
 * may come from elsewhere.
 *
 * @param where the file's name, for messages
 * @throws StaticFilesError `usage` with all problems, each with its place in the JSON
 */
export function checkPlanFile(plan: unknown, where: string): PlanFile {
  if (isRecord(plan) && plan.version !== PLAN_VERSION) {
    const version = `version is ${plan.version === undefined ? 'missing' : show(plan.version)}`;
    throw notApplicable(where, [`${version}; this version of staticfiles reads version ${PLAN_VERSION}`]);
  }
  const { success, output, issues } = v.safeParse(planFileSchema, plan);
  if (!success) throw notApplicable(where, issues.map(problemText));
  const contradictions = contradictionsIn(output);
  if (contradictions.length > 0) throw notApplicable(where, contradictions);
  return output;
}

function problemText(issue: v.BaseIssue<unknown>): string {
  const place = pathSuffix(issue).replace(/^\./, '') || 'the whole';
  if (issue.type === 'never') {
    return `${place} is unknown (its value is ${show(issue.input)}). Allowed are: ${issue.message.replaceAll(',', ', ')}`;
  }
  return `${place} is ${issue.input === undefined ? 'missing' : show(issue.input)}; expected ${issue.message}`;
}

/** Steps that the options do not allow, and paths that occur twice. */
function contradictionsIn({ files, options }: PlanFile): string[] {
  const seen = new Set<string>();
  const found: string[] = [];
  for (const [index, file] of files.entries()) {
    const place = `files[${index}]`;
    if (seen.has(file.path)) found.push(`${place}.path is '${file.path}', the same as in an earlier entry`);
    seen.add(file.path);
    if (file.action === 'link' && !options.link)
      found.push(`${place}.action is 'link', but options.link is false`);
    if (needsClear(file) && !options.clear)
      found.push(`${place}.reason is '${file.reason}', but options.clear is false`);
  }
  return found;
}

function needsClear({ reason }: PlannedFile): boolean {
  return reason === 'clear' || reason === 'not collected' || reason === 'empty folder';
}

/** How many problems the error names. */
const NAMED = 5;

function notApplicable(where: string, problems: readonly string[], options?: ErrorOptions): StaticFilesError {
  const named = problems.slice(0, NAMED).map((each) => `\n  ${where}: ${each}`);
  const more = problems.length > NAMED ? `\n  and ${problems.length - NAMED} more` : '';
  return new StaticFilesError(
    'usage',
    `The plan '${where}' cannot be applied, and nothing was published.${named.join('')}${more}\n` +
      "Create a new one with 'collectstatic --plan-out'.",
    options,
  );
}

const flag = v.boolean('true or false');

const text = v.string('a string');

const amount = v.pipe(v.number('a number'), v.finite('a number'), v.minValue(0, 'a number from 0 on'));

function oneOf<Value extends string>(values: Readonly<Record<Value, true>>) {
  const names = Object.keys(values) as Value[];
  return v.picklist(names, `one of '${names.join("', '")}'`);
}

function orNull<Value>(schema: v.GenericSchema<unknown, Value>, allowed: string) {
  return v.lazy(
    (input): v.GenericSchema<unknown, Value | null> => (input === null ? v.null(allowed) : schema),
  );
}

const action = oneOf<Action>({ copy: true, link: true, keep: true, delete: true });

const reason = oneOf<Reason>({
  new: true,
  changed: true,
  'letter case': true,
  mode: true,
  headers: true,
  clear: true,
  unchanged: true,
  'link became file': true,
  'file became link': true,
  'link target changed': true,
  'wrong type': true,
  'not collected': true,
  'in the way': true,
  'empty folder': true,
  'stale variant': true,
});

const stored = strict(
  {
    kind: oneOf<StoredFile['kind']>({ file: true, link: true, directory: true, other: true }),
    size: amount,
    mtimeMs: v.exactOptional(v.number('a number of milliseconds')),
    mode: v.exactOptional(v.pipe(amount, v.integer('a whole number'))),
    linkTarget: v.exactOptional(text),
    hash: v.exactOptional(text),
    hashAlgorithm: v.exactOptional(text),
    encoding: v.exactOptional(text),
  } satisfies Record<keyof StoredFile, v.GenericSchema>,
  'an object with the keys kind and size',
);

const PATH = "a path below the destination: no part of it is empty, '.' or '..'";

const HASH = "'sha384-…', the hash of a file's bytes";

const plannedFile = strict(
  {
    action,
    path: v.pipe(v.string(PATH), v.check(isPublishable, PATH)),
    reason,
    source: orNull(text, 'a path or null'),
    hash: orNull(v.pipe(v.string(HASH), v.regex(/^sha384-[\w+/]{64}$/, HASH)), HASH),
    was: orNull(stored, 'an object or null'),
  } satisfies Record<keyof PlannedFile, v.GenericSchema>,
  'a planned file: an object with the keys action, path, reason, source, hash and was',
);

const plannedOptions = strict(
  {
    clear: v.union([v.boolean(), v.literal('all')], "true, false or 'all'"),
    link: flag,
    postProcess: flag,
    defaultIgnore: flag,
    ignore: ignorePatterns,
  } satisfies Record<keyof PlannedOptions, v.GenericSchema>,
  'an object with the keys clear, link, postProcess, ignore and defaultIgnore',
);

/** Everything that a plan file may say. */
const planFileSchema: v.GenericSchema<unknown, PlanFile> = strict(
  {
    version: v.literal(PLAN_VERSION, `${PLAN_VERSION}`),
    created: v.pipe(v.string('a time'), v.isoTimestamp('a time such as 2026-11-21T08:45:02.492Z')),
    destination: text,
    staticUrl: text,
    release: orNull(releaseId, 'a release id or null'),
    options: plannedOptions,
    files: v.array(plannedFile, 'a list of planned files'),
  } satisfies Record<keyof PlanFile, v.GenericSchema>,
  'an object that collectstatic --plan-out has written',
);
