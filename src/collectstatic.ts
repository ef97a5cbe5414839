import type { Found } from './finders/find.js';
import type { Output } from './model/output.js';
import { confirmOverwrite } from './pipeline/destination.js';
import { find } from './pipeline/find.js';
import { type Attempt, type Locked, lockToPublish } from './pipeline/lock-destination.js';
import { answerIfUnchanged, type RunSummary } from './pipeline/nothing-changed.js';
import type { RunOptions } from './pipeline/options.js';
import { planAndPublish } from './pipeline/plan-and-publish.js';
import { postProcess } from './pipeline/post-process.js';
import { publishedBy, type RunResult, resultOf } from './pipeline/result.js';
import { type Run, startRun } from './pipeline/run.js';
import type { Pruned, PruneLimits, PrunePlan } from './prune/rules.js';
import type { Settings } from './settings/settings.js';

/** Options of one run of collectstatic. */
export interface CollectOptions extends RunOptions {
  /** After publishing, delete old releases and unused files. */
  readonly prune?: PruneLimits | undefined;
  /** Called with the plan of pruning, after everything is published and before anything is pruned. */
  onPrunePlan?(plan: PrunePlan): void;
}

/** What a run of collectstatic has done, or a dry run would do. */
export interface CollectResult extends RunResult {
  /** What was pruned; with the option `prune` only. */
  readonly pruned?: Pruned;
}

/** What a run of collectstatic has done, without a plan. */
export interface CollectSummary extends Omit<CollectResult, 'plan'>, RunSummary {}

/**
 * Collects the static files of a project and publishes them. It finds, post-processes and plans before it touches the
 * destination, so a failure in these stages publishes nothing.
 *
 * @param settings from `loadSettings()`
 * @returns what was done, or what a dry run would do
 * @throws StaticFilesError with any `code`. Everything else that is thrown is a defect.
 * @example
 * const result = await collectstatic(await loadSettings(), { dryRun: true });
 * console.log(result.counts.copied);
 */
export async function collectstatic(
  settings: Settings,
  options: CollectOptions = {},
): Promise<CollectResult> {
  const run = startRun(settings, options);
  await confirmOverwrite(run);
  return collectFound(run, await find(run), options);
}

/**
 * Collects like {@link collectstatic}, for callers that need no plan. If nothing has changed since the last run, it makes
 * none, and calls neither `onPlan` nor `onReferences`.
 *
 * @param options whose functions return at once: they may be called while the destination is locked
 */
export async function collectBriefly(
  settings: Settings,
  options: CollectOptions = {},
): Promise<CollectSummary> {
  const run = startRun(settings, options);
  await confirmOverwrite(run);
  const found = await find(run);
  const unchanged = options.prune ? undefined : await answerIfUnchanged(run, found);
  if (unchanged) return unchanged;
  const { plan, ...result } = await collectFound(run, found, options, isResponsive(settings));
  const { computedNames } = run.findings;
  return {
    ...{ ...result, computedNames },
    get published() {
      return publishedBy(plan);
    },
  };
}

/** Whether no code of the project runs while the destination is locked. */
function isResponsive({ digest, afterPublish }: Settings): boolean {
  return digest !== undefined && afterPublish === undefined;
}

async function collectFound(
  run: Run,
  found: Found,
  options: CollectOptions,
  responsive = false,
): Promise<CollectResult> {
  const outputs = await postProcess(run, found.files);
  const publishAll = async (locked: Locked<Run>, attempt: Attempt) => {
    const prune = await planPruning(locked, outputs, options);
    const plan = await planAndPublish(locked, outputs, { ...attempt, found });
    const pruned = await prune?.();
    return { ...resultOf(locked, plan, found), ...(pruned && { pruned }) };
  };
  return lockToPublish(run, publishAll, { atFirstWrite: !mustLockFirst(options), responsive });
}

/** What decides on deletions must be read while no other run writes. */
function mustLockFirst({ holdFirst, clear, prune }: CollectOptions): boolean {
  return (holdFirst ?? false) || Boolean(clear) || prune !== undefined;
}

/** Loads the code that prunes for the few runs that do. */
async function planPruning(
  run: Locked<Run>,
  outputs: readonly Output[],
  { prune, onPrunePlan }: CollectOptions,
) {
  if (prune === undefined) return undefined;
  const { planPruneInRun } = await import('./prune/during-collect.js');
  return planPruneInRun(run, outputs, { limits: prune, onPlan: onPrunePlan });
}
