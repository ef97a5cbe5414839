import { performance } from 'node:perf_hooks';
import { CACHE_PROBLEM, cacheProblem } from '../cache/cache-folder.js';
import type { PublishRecord } from '../cache/record.js';
import { interruptible } from '../concurrency/abort.js';
import { destinationFolders } from '../finders/find.js';
import { DEFAULT_IGNORE, type FindContext } from '../finders/finder.js';
import { covers, logicalPathFor } from '../manifest/import-map.js';
import type { Warning } from '../model/static-file.js';
import type { ProcessorCache, ProcessorContext } from '../processors/processor.js';
import type { ReferenceReport } from '../references/report.js';
import type { Settings } from '../settings/settings.js';
import type { Storage } from '../storages/storage.js';
import { isRecord } from '../text/json.js';
import { destinationKey, openRecordOf } from './destination.js';
import type { RunOptions, Stage } from './options.js';
import type { Session } from './session.js';

/** The storages that are held, and whether no other run can write to them then; `false` if that is not sure. */
export type Holds = ReadonlyMap<Storage, boolean>;

/** One run of collectstatic: what it was asked for, and what it has noted so far. */
export interface Run {
  readonly settings: Settings;
  readonly options: RunOptions;
  readonly signal: AbortSignal;
  readonly startedAt: number;
  /** What is known of the destination from earlier runs, and what this one learns. */
  readonly record: PublishRecord;
  /** What runs that follow one another keep; none for a run alone. */
  readonly session?: Session;
  /** The storages that are held for it. */
  readonly holds?: Holds;
  readonly warnings: Warning[];
  /** Notes a warning, and tells it at once. */
  warn(warning: Warning): void;
  readonly milliseconds: Record<Stage, number>;
}

/** Notes the time, and the warnings of the settings. */
export function startRun(settings: Settings, options: RunOptions, session?: Session): Run {
  const record = session?.record ?? openRecordOf(settings, options);
  const warnings = [...settings.warnings];
  const run: Run = {
    settings,
    options,
    signal: options.signal ?? new AbortController().signal,
    startedAt: session?.startedAt ?? Date.now(),
    record,
    ...(session && { session }),
    warnings,
    warn(warning) {
      if (addWarning(warnings, warning)) options.onWarning?.(warning);
    },
    milliseconds: { find: 0, 'post-process': 0, plan: 0, publish: 0 },
  };
  warnOfProblem(record, run);
  return run;
}

/** Of the cache's problems only the first is added: the others have the same cause, or the same remedy. */
function addWarning(warnings: Warning[], warning: Warning): boolean {
  const isKnown = warning.code === CACHE_PROBLEM && warnings.some(({ code }) => code === CACHE_PROBLEM);
  if (!isKnown) warnings.push(warning);
  return !isKnown;
}

/** Warns that a record could not be read. */
export function warnOfProblem(
  { problem }: PublishRecord,
  { settings, warn }: Pick<Run, 'settings' | 'warn'>,
): void {
  if (problem !== undefined) warn(cacheProblem(settings.cacheDir, 'read', problem));
}

/** Writes what the next run may know. A cache that cannot be written is a warning. */
export function saveRecord({
  settings,
  record,
  startedAt,
  warn,
}: Pick<Run, 'settings' | 'record' | 'startedAt' | 'warn'>): void {
  try {
    record.save(startedAt);
  } catch (error) {
    warn(cacheProblem(settings.cacheDir, 'write', error));
  }
}

/** Runs a stage and notes how long it took. An aborted signal becomes the error `interrupted`. */
export async function runStage<T>(run: Run, stage: Stage, step: () => Promise<T>): Promise<T> {
  const start = performance.now();
  run.options.onProgress?.(stage, 0, 0);
  try {
    return await interruptible(run.signal, step);
  } finally {
    run.milliseconds[stage] = Math.round((performance.now() - start) * 10) / 10;
  }
}

/** What the finders are told in this run. What was published is never collected itself. */
export function findContext({ settings, options, warnings }: Run): FindContext {
  const defaults = options.defaultIgnore === false ? [] : DEFAULT_IGNORE;
  return {
    ignore: [...defaults, ...settings.ignore, ...(options.ignore ?? [])],
    exclude: destinationFolders(settings),
    warn: (warning) => warnings.push(warning),
  };
}

/** The context of a processor's call in this run, by its index in the settings. */
export function processorContext(run: Run, index: number): ProcessorContext {
  const { settings, options, signal, startedAt, record, session, warnings } = run;
  const { name, cacheVersion } = settings.processors[index]!;
  // Several may have one name: the built-in one may run twice, and anybody may call theirs `compress`.
  const occurrence = settings.processors.slice(0, index + 1).filter((each) => each.name === name).length;
  const key = `processor ${name} ${occurrence}`;
  return {
    staticUrl: settings.staticUrl,
    cacheDir: settings.cacheDir,
    destination: destinationKey(settings) + (occurrence === 1 ? '' : `-${occurrence}`),
    startedAt,
    cache: processorMemory(record, key, cacheVersion),
    ...(session && { session: session.kept(key) }),
    resolveSpecifier: (specifier) =>
      settings.importMap && logicalPathFor(settings.importMap.entries, specifier),
    report(references) {
      if (settings.importMap) warnOfUncovered(settings.importMap.entries, references, warnings);
      options.onReferences?.(references);
    },
    progress: (done, total) => options.onProgress?.('post-process', done, total),
    warn: (warning) => addWarning(warnings, warning),
    signal,
  };
}

/** What a processor saves, with the form it is in: the record may have been written by another processor, or version. */
function processorMemory(record: PublishRecord, key: string, version = ''): ProcessorCache {
  return {
    load() {
      const saved = record.recall(key);
      return isRecord(saved) && saved.version === version ? saved.value : undefined;
    },
    save: (value) =>
      record.remember(key, () => ({ version, value: typeof value === 'function' ? value() : value })),
  };
}

/** Browsers find nothing for a bare specifier that the import map does not know. */
function warnOfUncovered(
  entries: Readonly<Record<string, string>>,
  references: ReferenceReport,
  warnings: Warning[],
): void {
  for (const [specifier, files] of references.bareSpecifiers()) {
    if (covers(entries, specifier)) continue;
    const others = files.length === 1 ? '' : ` and ${files.length - 1} more`;
    const message = `No entry of importmap covers '${specifier}', which '${files[0]}'${others} imports.`;
    warnings.push({ code: 'bare-specifier', message });
  }
}
