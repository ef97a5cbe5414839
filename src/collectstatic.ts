import type { Output } from './model/output.js';
import { confirmOverwrite, type Held, publishing } from './pipeline/destination.js';
import { find } from './pipeline/find.js';
import type { RunOptions } from './pipeline/options.js';
import { type DoneBefore, planAndPublish } from './pipeline/plan-and-publish.js';
import { postProcess } from './pipeline/post-process.js';
import { type RunResult, resultOf } from './pipeline/result.js';
import { type Run, startRun } from './pipeline/run.js';
import type { Pruned, PruneLimits, PrunePlan } from './prune/rules.js';
import type { Settings } from './settings/settings.js';

/** How one run differs from the settings. */
export interface CollectOptions extends RunOptions {
  /** After publishing, delete old releases and unused files. */
  readonly prune?: PruneLimits | undefined;
  /** Called with what is pruned, after everything was published and before it is deleted. */
  onPrunePlan?(plan: PrunePlan): void;
}

/** What a run did, or, for a dry run, would do. */
export interface CollectResult extends RunResult {
  /** What was pruned, with the option `prune`. */
  readonly pruned?: Pruned;
}

/**
 * Gathers the static files of a project and publishes them: find, post-process, plan, publish.
 * Everything is computed before the destination is touched.
 *
 * @param settings from `loadSettings()`
 * @returns what was done, or, in a dry run, would be
 * @throws StaticFilesError by its `code`; anything else thrown is a defect
 * @example
 * const report = await collectstatic(await loadSettings({ cwd: process.cwd() }), { dryRun: true });
 * console.log(report.counts.copied);
 */
export async function collectstatic(
  settings: Settings,
  options: CollectOptions = {},
): Promise<CollectResult> {
  const run = startRun(settings, options);
  await confirmOverwrite(run);
  const { files, conflicts } = await find(run);
  const outputs = await postProcess(run, files);
  const before: DoneBefore = new Map();
  const publishAll = async (held: Held<Run>, again: boolean) => {
    const prune = await planPruning(held, outputs, options);
    const plan = await planAndPublish(held, outputs, { again, before });
    const pruned = await prune?.();
    return { ...resultOf(held, plan, conflicts), ...(pruned && { pruned }) };
  };
  return publishing(run, publishAll, { atFirstWrite: !mustHoldFirst(options) });
}

/** What decides on deletions must be read while no other run writes. */
function mustHoldFirst({ holdFirst, clear, prune }: CollectOptions): boolean {
  return (holdFirst ?? false) || Boolean(clear) || prune !== undefined;
}

/** Few runs prune: what it takes is loaded for them alone. */
async function planPruning(
  run: Held<Run>,
  outputs: readonly Output[],
  { prune, onPrunePlan }: CollectOptions,
) {
  if (prune === undefined) return undefined;
  const { planPruneInRun } = await import('./prune/during-collect.js');
  return planPruneInRun(run, outputs, { limits: prune, onPlan: onPrunePlan });
}
