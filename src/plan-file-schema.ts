import * as v from 'valibot';
import { isPublishable } from './paths.js';
import type { Action, Reason } from './plan.js';
import type { PlanFile, PlannedFile, PlannedOptions } from './plan-file.js';
import { ignorePatterns, releaseId, strict } from './settings/checks/schema.js';
import type { StoredFile } from './storages/storage.js';

/** The version of plan files that is written and read. */
export const PLAN_VERSION = 1;

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

const ACTIONS: Readonly<Record<Action, true>> = { copy: true, link: true, keep: true, delete: true };
const REASONS: Readonly<Record<Reason, true>> = {
  ...{
    new: true,
    changed: true,
    'letter case': true,
    mode: true,
    headers: true,
    clear: true,
    unchanged: true,
  },
  ...{ 'link became file': true, 'file became link': true, 'link target changed': true, 'wrong type': true },
  ...{
    'not collected': true,
    'in the way': true,
    'empty folder': true,
    'stale variant': true,
    'letter case': true,
  },
};
const KINDS: Readonly<Record<StoredFile['kind'], true>> = {
  ...{ file: true, link: true, directory: true, other: true },
};

const stored = strict(
  {
    kind: oneOf(KINDS),
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
    action: oneOf(ACTIONS),
    path: v.pipe(v.string(PATH), v.check(isPublishable, PATH)),
    reason: oneOf(REASONS),
    source: orNull(text, 'a path or null'),
    hash: orNull(v.pipe(v.string(HASH), v.regex(/^sha384-[\w+/]{64}$/, HASH)), HASH),
    was: orNull(stored, 'an object or null'),
  } satisfies Record<keyof PlannedFile, v.GenericSchema>,
  'a planned file: an object with the keys action, path, reason, source, hash and was',
);

const plannedOptions = strict(
  {
    clear: v.union([v.boolean(), v.literal('all')], "true, false or 'all'"),
    ...{ link: flag, postProcess: flag, defaultIgnore: flag },
    ignore: ignorePatterns,
  } satisfies Record<keyof PlannedOptions, v.GenericSchema>,
  'an object with the keys clear, link, postProcess, ignore and defaultIgnore',
);

/** All that a plan file may say. The release and the ignore patterns are held against the schemas of the settings. */
export const planFileSchema: v.GenericSchema<unknown, PlanFile> = strict(
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
