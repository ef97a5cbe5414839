import type { Output } from '../model/output.js';
import type { Storage, StoredFile } from '../storages/storage.js';
import type { UnchangedProof } from './unchanged.js';

/** What publishing does to a file. */
export type Action = 'copy' | 'link' | 'keep' | 'delete';

/** Why it does that. */
export type Reason =
  | 'new'
  | 'changed'
  | 'mode'
  | 'letter case'
  | 'headers'
  | 'link became file'
  | 'file became link'
  | 'link target changed'
  | 'wrong type'
  | 'clear'
  | 'unchanged'
  | 'not collected'
  | 'in the way'
  | 'empty folder'
  | 'stale variant';

/** One step of a plan: what happens to one file, and why. */
export interface PlanEntry {
  readonly action: Action;
  readonly publicPath: string;
  readonly reason: Reason;
  /** Whether something is at the path now. */
  readonly replaces: boolean;
  /** What is at the path now, if it will be replaced or deleted. */
  readonly stored?: StoredFile;
  /** What will be published there; `undefined` for `delete`. */
  readonly output?: Output;
}

/**
 * What publishing will do, in order: it deletes stale variants, writes the outputs, and deletes the rest. A dry run
 * shows the plan, a real run applies it.
 */
export type Plan = readonly PlanEntry[];

/** A plan, and the storage that it is for. */
export interface Publication {
  readonly plan: Plan;
  readonly storage: Storage;
}

/** Whether it changes something. */
export function isStep({ action }: PlanEntry): boolean {
  return action !== 'keep';
}

/** Whether it is deleted before anything is written. A server would send a stale variant for the file beside it. */
export function isDeletedFirst({ action, reason }: PlanEntry): boolean {
  return action === 'delete' && reason === 'stale variant';
}

/** Whether it is deleted after everything is written. What is in the way is removed by the storage when it writes. */
export function isDeletedLast(entry: PlanEntry): boolean {
  return entry.action === 'delete' && entry.reason !== 'in the way' && !isDeletedFirst(entry);
}

export interface PlanOptions {
  readonly link: boolean;
  /** Delete what this run does not publish: `true` what earlier runs published, `all` everything. */
  readonly clear: boolean | 'all';
  /** Whether a run has published what is at a path. Without it everything counts as published. */
  isOwn?(publicPath: string): boolean;
  /** Called for each file that `clear` does not delete, since no run has published it. */
  onSpared?(publicPath: string): void;
  /** Made by `unchangedProof()`. */
  readonly unchanged: UnchangedProof;
  /**
   * Returns the entry of an output that is known to be published. It is not compared.
   *
   * @param index of the output among those of the run
   */
  knownToStay?(output: Output, index: number): PlanEntry | undefined;
  readonly signal: AbortSignal;
}
