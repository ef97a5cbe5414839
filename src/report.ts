import type { Conflict } from './conflicts.js';
import { isManifest, isOriginal } from './output.js';
import type { Plan, PlanEntry } from './plan.js';
import type { Warning } from './static-file.js';

/** The stages of a run, in order. */
export type Stage = 'find' | 'post-process' | 'plan' | 'publish';

/** How many files had which fate. */
export interface CollectCounts {
  /** Sources published under their own names. */
  readonly copied: number;
  readonly linked: number;
  readonly unmodified: number;
  /** Outputs that processors made or renamed, and that were written. */
  readonly postProcessed: number;
  readonly deleted: number;
  /** Files that were not collected because another of the same path came first. */
  readonly conflicts: number;
}

/** What a run did, or, for a dry run, would do. */
export interface CollectReport {
  readonly dryRun: boolean;
  /** Absolute path, where the destination is a local folder. */
  readonly location?: string;
  readonly counts: CollectCounts;
  readonly files: Plan;
  readonly conflicts: readonly Conflict[];
  readonly warnings: readonly Warning[];
  /** Duration of each stage. */
  readonly milliseconds: Readonly<Record<Stage, number>>;
}

/** Counts what a plan does. Empty folders are no files and not counted, nor is the manifest. */
export function countPlan(plan: Plan, conflicts: number): CollectCounts {
  const files = plan.filter(({ output }) => !isManifest(output));
  const count = (belongs: (entry: PlanEntry) => boolean) => files.filter(belongs).length;
  return {
    copied: count((entry) => entry.action === 'copy' && !isMade(entry)),
    linked: count(({ action }) => action === 'link'),
    unmodified: count(({ action }) => action === 'keep'),
    postProcessed: count((entry) => entry.action === 'copy' && isMade(entry)),
    deleted: count(({ action, reason }) => action === 'delete' && reason !== 'empty folder'),
    conflicts,
  };
}

/** Whether a processor had a hand in it. */
function isMade({ output }: PlanEntry): boolean {
  return output !== undefined && !isOriginal(output);
}
