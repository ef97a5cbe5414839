import { StaticFilesError } from '../errors.js';
import type { FileAmount } from '../releases/releases.js';
import type { PruneLimits, PrunePlan } from './pruning.js';

/** What a plan comes to. */
export interface Pruned {
  readonly plan: PrunePlan;
  readonly deleted: FileAmount;
  /** Whether it is more than `maxDelete`: then only a dry run comes so far. */
  readonly tooMany: boolean;
}

/** How many files are deleted without being asked for that number. */
export const MAX_DELETE = 256;

/** Sums a plan up, and holds it against its limit. */
export function prunedBy(plan: PrunePlan, { maxDelete = MAX_DELETE }: PruneLimits): Pruned {
  const files = plan.files.length;
  const size = plan.files.reduce((sum, file) => sum + file.size, 0);
  return { plan, deleted: { files, size }, tooMany: files > maxDelete };
}

/** @throws StaticFilesError `target` where a plan deletes more than is allowed */
export function refuseTooMany(plan: PrunePlan, limits: PruneLimits): void {
  const { tooMany, deleted } = prunedBy(plan, limits);
  if (!tooMany) return;
  throw new StaticFilesError(
    'target',
    `Pruning would delete ${deleted.files} files, more than --max-delete allows (${limits.maxDelete ?? MAX_DELETE}). ` +
      `Nothing was changed. Look at them with --dry-run, then give --max-delete ${deleted.files}.`,
  );
}
