import type { CollectOptions } from './collect-options.js';
import { confirmOverwrite, holdingTheDestination } from './destination.js';
import { gather } from './gather.js';
import { interruptible } from './interruptible.js';
import { planAndPublish } from './plan-and-publish.js';
import { planPruneAfter } from './prune/prune-after.js';
import { applyPrune } from './prune/prune-apply.js';
import { type Pruned, prunedBy } from './prune/prune-limits.js';
import type { PrunePlan } from './prune/pruning.js';
import { type CollectReport, reportOf } from './report.js';
import { type Run, startRun } from './run.js';
import type { Settings } from './settings/settings.js';

export type { CollectOptions, OverwriteQuestion } from './collect-options.js';
export type { CollectCounts, CollectReport } from './report.js';
export type { Stage } from './stage.js';

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
): Promise<CollectReport> {
  const run = startRun(settings, options);
  await confirmOverwrite(run);
  const gathered = await gather(run);
  return holdingTheDestination(run, async (holding) => {
    const pruning = options.prune && (await planPruneAfter(holding, gathered.outputs, options.prune));
    const plan = await planAndPublish(holding, gathered.outputs);
    const pruned = pruning && (await prune(holding, pruning));
    return { ...reportOf(run, plan, gathered.conflicts), ...(pruned && { pruned }) };
  });
}

async function prune(run: Run, plan: PrunePlan): Promise<Pruned> {
  const { options, record, signal, startedAt } = run;
  options.onPrunePlan?.(plan);
  if (!options.dryRun) {
    await interruptible(signal, () => applyPrune(plan, run));
    record.save(startedAt);
  }
  return prunedBy(plan, options.prune ?? {});
}
