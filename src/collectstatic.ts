import type { CollectOptions } from './collect-options.js';
import { confirmOverwrite, type Held, publishing } from './destination.js';
import { type Gathered, gather } from './gather.js';
import type { Output } from './output.js';
import { type Attempt, type DoneBefore, planAndPublish } from './plan-and-publish.js';
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
  const before: DoneBefore = new Map();
  return publishing(run, (held, again) => publishAll(held, gathered, { again, before }), {
    atFirstWrite: !mustHoldFirst(options),
  });
}

async function publishAll(
  run: Held<Run>,
  { outputs, conflicts }: Gathered,
  attempt: Attempt,
): Promise<CollectReport> {
  const prune = await planPruning(run, outputs);
  const plan = await planAndPublish(run, outputs, attempt);
  const pruned = await prune?.();
  return { ...reportOf(run, plan, conflicts), ...(pruned && { pruned }) };
}

/** What decides on deletions must be read while no other run writes. */
function mustHoldFirst({ holdFirst, clear, prune }: CollectOptions): boolean {
  return (holdFirst ?? false) || Boolean(clear) || prune !== undefined;
}

/** Few runs prune: what it takes is loaded for them alone. */
async function planPruning(run: Held<Run>, outputs: readonly Output[]) {
  const { prune } = run.options;
  if (prune === undefined) return undefined;
  const { planPruneInRun } = await import('./prune/in-run.js');
  return planPruneInRun(run, outputs, prune);
}
