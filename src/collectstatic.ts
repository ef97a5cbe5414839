import type { CollectOptions } from './collect-options.js';
import { confirmOverwrite, holdingTheDestination } from './destination.js';
import { gather } from './gather.js';
import type { Output } from './output.js';
import { planAndPublish } from './plan-and-publish.js';
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
    const prune = await planPruning(holding, gathered.outputs);
    const plan = await planAndPublish(holding, gathered.outputs);
    const pruned = await prune?.();
    return { ...reportOf(run, plan, gathered.conflicts), ...(pruned && { pruned }) };
  });
}

/** Few runs prune: what it takes is loaded for them alone. */
async function planPruning(run: Run, outputs: readonly Output[]) {
  const { prune } = run.options;
  if (prune === undefined) return undefined;
  const { planPruneInRun } = await import('./prune/in-run.js');
  return planPruneInRun(run, outputs, prune);
}
