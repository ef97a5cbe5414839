import type { Held } from '../destination.js';
import { interruptible } from '../interruptible.js';
import type { Output } from '../output.js';
import { type Run, saveRecord } from '../run.js';
import type { Warning } from '../static-file.js';
import { planPruneAfter } from './after.js';
import { applyPrune } from './apply.js';
import { type Pruned, prunedBy, refuseTooMany } from './limits.js';
import type { PruneLimits, PrunePlan } from './pruning.js';

/**
 * Makes sure that what a run is going to prune keeps to the limit, before it publishes anything.
 *
 * @returns what plans again when all is published, and deletes; in a dry run it only says what would be
 * @throws StaticFilesError `target` if too much would be deleted; `usage` if the run makes no manifest
 */
export async function planPruneInRun(
  run: Held<Run>,
  outputs: readonly Output[],
  limits: PruneLimits,
): Promise<() => Promise<Pruned>> {
  const plan = await planPruneAfter(run, outputs, limits);
  if (run.options.dryRun) return async () => told(run, plan, limits);
  refuseTooMany(plan, limits);
  return () => prune(run, outputs, limits);
}

function told({ options }: Run, plan: PrunePlan, limits: PruneLimits): Pruned {
  options.onPrunePlan?.(plan);
  return prunedBy(plan, limits);
}

/** The plan from before does not count: by now another manifest is live, and others may be there. */
async function prune(run: Held<Run>, outputs: readonly Output[], limits: PruneLimits): Promise<Pruned> {
  const { options, signal } = run;
  const plan = await planPruneAfter(run, outputs, limits);
  refuseTooMany(plan, limits);
  options.onPrunePlan?.(plan);
  if (plan.quietUntil) run.warn(nothingPruned(plan.quietUntil));
  const applied = await interruptible(signal, () => applyPrune(plan, run));
  saveRecord(run);
  return prunedBy(applied, limits);
}

function nothingPruned(until: Date): Warning {
  const message = `Nothing was pruned: a run was given up here that may still wake up. Prune after ${until.toISOString()}.`;
  return { code: 'nothing-pruned', message };
}
