import type { Conflict } from '../finders/conflicts.js';
import { isManifest, isOriginal } from '../model/output.js';
import type { Warning } from '../model/static-file.js';
import { type Destination, describeDestination } from '../storages/destination.js';
import type { Stage } from './options.js';
import type { Plan, PlanEntry } from './plan.js';
import type { Run } from './run.js';

/** Numbers of files, by what happened to them. */
export interface CollectCounts {
  readonly copied: number;
  readonly linked: number;
  readonly unmodified: number;
  /** Outputs that processors made or renamed, and that were written. They do not count as copied. */
  readonly postProcessed: number;
  readonly deleted: number;
  /** Files whose headers were replaced, but not their bytes. */
  readonly reheadered: number;
  /** Shadowed files: not collected, since another file with the same logical path came first. */
  readonly conflicts: number;
}

/** What a run has done, or a dry run would do. */
export interface RunResult extends Destination {
  readonly dryRun: boolean;
  readonly counts: CollectCounts;
  /** What publishing did, or would do, file by file. */
  readonly plan: Plan;
  readonly conflicts: readonly Conflict[];
  readonly warnings: readonly Warning[];
  /** Duration of each stage. */
  readonly milliseconds: Readonly<Record<Stage, number>>;
}

/** Returns the result of a run that has come to its end. */
export function resultOf(
  { settings, options, warnings, milliseconds }: Run,
  plan: Plan,
  conflicts: readonly Conflict[],
): RunResult {
  return {
    dryRun: options.dryRun ?? false,
    ...describeDestination(settings.storage),
    counts: countPlan(plan, conflicts.length),
    plan,
    conflicts,
    warnings,
    milliseconds,
  };
}

/** Counts the files of a plan, without empty folders and manifests. */
function countPlan(plan: Plan, conflicts: number): CollectCounts {
  const counts = {
    copied: 0,
    linked: 0,
    unmodified: 0,
    postProcessed: 0,
    deleted: 0,
    reheadered: 0,
    conflicts,
  };
  for (const entry of plan) {
    const count = countFor(entry);
    if (count !== undefined) counts[count] += 1;
  }
  return counts;
}

function countFor({
  action,
  output,
  reason,
}: PlanEntry): Exclude<keyof CollectCounts, 'conflicts'> | undefined {
  if (isManifest(output) || reason === 'empty folder') return undefined;
  if (action === 'keep') return 'unmodified';
  if (reason === 'headers') return 'reheadered';
  if (action === 'link') return 'linked';
  if (action === 'delete') return 'deleted';
  return output !== undefined && !isOriginal(output) ? 'postProcessed' : 'copied';
}
