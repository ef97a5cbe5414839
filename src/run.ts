import { performance } from 'node:perf_hooks';
import type { CollectOptions } from './collect-options.js';
import { locationsOf } from './destination.js';
import { StaticFilesError } from './errors.js';
import { DEFAULT_IGNORE, type FindContext } from './finders/finder.js';
import type { Stage } from './report.js';
import type { Settings } from './settings/settings.js';
import type { Warning } from './static-file.js';

/** One run of collectstatic: what it was asked for, and what it has noted so far. */
export interface Run {
  readonly settings: Settings;
  readonly options: CollectOptions;
  readonly signal: AbortSignal;
  readonly startedAt: number;
  readonly warnings: Warning[];
  readonly milliseconds: Record<Stage, number>;
}

/** Notes the time, and the warnings of the settings. */
export function startRun(settings: Settings, options: CollectOptions): Run {
  return {
    settings,
    options,
    signal: options.signal ?? new AbortController().signal,
    startedAt: Date.now(),
    warnings: [...settings.warnings],
    milliseconds: { find: 0, 'post-process': 0, plan: 0, publish: 0 },
  };
}

/** Runs a stage and notes how long it took. An aborted signal becomes the error `interrupted`. */
export async function runStage<T>(run: Run, stage: Stage, step: () => Promise<T>): Promise<T> {
  const start = performance.now();
  run.options.onProgress?.(stage, 0, 0);
  try {
    run.signal.throwIfAborted();
    return await step();
  } catch (error) {
    if (run.signal.aborted && error === run.signal.reason) {
      throw new StaticFilesError('interrupted', 'Interrupted.', { cause: error });
    }
    throw error;
  } finally {
    run.milliseconds[stage] = Math.round((performance.now() - start) * 10) / 10;
  }
}

/** What the finders are told in this run. What was published is never collected itself. */
export function findContext({ settings, options, warnings }: Run): FindContext {
  const defaults = options.defaultIgnore === false ? [] : DEFAULT_IGNORE;
  return {
    ignore: [...defaults, ...settings.ignore, ...(options.ignore ?? [])],
    exclude: locationsOf(settings),
    warn: (warning) => warnings.push(warning),
  };
}
