import { interruptible } from '../interruptible.js';
import type { Output } from '../output.js';
import { type Run, saveRecord } from '../run.js';
import { planPruneAfter } from './after.js';
import { applyPrune } from './apply.js';
import { type Pruned, prunedBy } from './limits.js';
import type { PruneLimits, PrunePlan } from './pruning.js';

/**
 * Plans what a run prunes, before it publishes anything.
 *
 * @returns what deletes it, or, in a dry run, only says what would be
 * @throws StaticFilesError as {@link planPruneAfter}
 */
export async function planPruneInRun(
  run: Run,
  outputs: readonly Output[],
  limits: PruneLimits,
): Promise<() => Promise<Pruned>> {
  const plan = await planPruneAfter(run, outputs, limits);
  return () => prune(run, plan, limits);
}

async function prune(run: Run, plan: PrunePlan, limits: PruneLimits): Promise<Pruned> {
  const { options, signal } = run;
  options.onPrunePlan?.(plan);
  if (!options.dryRun) {
    await interruptible(signal, () => applyPrune(plan, run));
    saveRecord(run);
  }
  return prunedBy(plan, limits);
}
