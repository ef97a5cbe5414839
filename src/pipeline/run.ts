import { CACHE_PROBLEM, cacheProblem } from '../cache/cache-folder.js';
import type { PublishRecord } from '../cache/record.js';
import { interruptible } from '../concurrency/abort.js';
import type { HiddenFile, Warning } from '../model/static-file.js';
import type { ComputedName } from '../references/report.js';
import type { Settings } from '../settings/settings.js';
import { openRecordOf } from './destination.js';
import type { RunOptions, Stage } from './options.js';
import type { Session } from './session.js';

/** One run of collectstatic: what it was asked to do, and what it has found out so far. */
export interface Run {
  readonly settings: Settings;
  readonly options: RunOptions;
  readonly signal: AbortSignal;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  /** What earlier runs recorded of the destination, and what this one adds. */
  readonly record: PublishRecord;
  /** What consecutive runs share; `undefined` for a single run. */
  readonly session?: Session;
  readonly warnings: Warning[];
  /** What post-processing has found out besides the outputs. */
  readonly findings: Findings;
  /** Module specifiers that the import map must resolve, each with the logical paths that import it. */
  readonly bareSpecifiers: Map<string, readonly string[]>;
  /** Adds a warning and reports it at once. */
  warn(warning: Warning): void;
  /** Duration of each stage. */
  readonly milliseconds: Record<Stage, number>;
}

/** What post-processing finds out besides the outputs. A run that can skip it repeats this (`nothing-changed.ts`). */
interface Findings {
  readonly warnings: Warning[];
  /** Those of the warnings that were reported at once. */
  readonly reportedAtOnce: Set<Warning>;
  readonly computedNames: ComputedName[];
  /** The files that processors looked for among those that an ignore pattern hides, with the answers. */
  readonly hiddenFiles: Map<string, HiddenFile | undefined>;
}

/** Starts a run. Its warnings begin with those of the settings. */
export function startRun(settings: Settings, options: RunOptions, session?: Session): Run {
  const warnings = [...settings.warnings];
  const findings: Findings = {
    warnings: [],
    reportedAtOnce: new Set(),
    computedNames: [],
    hiddenFiles: new Map(),
  };
  const run: Run = {
    settings,
    options,
    signal: options.signal ?? new AbortController().signal,
    startedAt: session?.startedAt ?? Date.now(),
    record: session?.record ?? openRecordOf(settings, options),
    ...(session && { session }),
    warnings,
    findings,
    bareSpecifiers: new Map(),
    warn(warning) {
      if (!addWarning(warnings, warning)) return;
      findings.reportedAtOnce.add(warning);
      options.onWarning?.(warning);
    },
    milliseconds: { find: 0, 'post-process': 0, plan: 0, publish: 0 },
  };
  warnOfUnreadableRecord(run);
  return run;
}

/**
 * Adds a warning, unless it is a second one about the cache. One cause makes many of those.
 *
 * @returns whether it was added
 */
export function addWarning(warnings: Warning[], warning: Warning): boolean {
  const isKnown = warning.code === CACHE_PROBLEM && hasCode(warnings, CACHE_PROBLEM);
  if (!isKnown) warnings.push(warning);
  return !isKnown;
}

/** Warns unless the run already has a warning with this code. A run that plans again comes to the same warnings. */
export function warnOnce(run: Run, warning: Warning): void {
  if (!hasCode(run.warnings, warning.code)) run.warn(warning);
}

function hasCode(warnings: readonly Warning[], code: string): boolean {
  return warnings.some((warning) => warning.code === code);
}

/** Warns if the record cannot be read. */
export function warnOfUnreadableRecord({
  settings,
  record: { problem },
  warn,
}: Pick<Run, 'settings' | 'record' | 'warn'>): void {
  if (problem !== undefined) warn(cacheProblem(settings.cacheDir, 'read', problem));
}

/** Writes the record for the next run. Warns if the cache cannot be written. */
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

/**
 * Runs a stage and notes how long it takes.
 *
 * @throws StaticFilesError `interrupted` if the signal is aborted
 */
export async function runStage<T>(run: Run, stage: Stage, step: () => Promise<T>): Promise<T> {
  const start = performance.now();
  run.options.onProgress?.(stage, 0, 0);
  try {
    return await interruptible(run.signal, step);
  } finally {
    run.milliseconds[stage] = Math.round((performance.now() - start) * 10) / 10;
  }
}
