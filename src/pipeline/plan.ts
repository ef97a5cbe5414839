import { startTimeSlice } from '../concurrency/time-slice.js';
import { nameSourceErrors } from '../model/body.js';
import { refuseCollisions } from '../model/collisions.js';
import { isOriginal, type Output } from '../model/output.js';
import type { Inventory, Storage, StoredFile } from '../storages/storage.js';
import { planDeletions } from './plan-deletions.js';
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
  readonly unchanged: UnchangedProof;
  /** Whether the output is already published. If so, it is not compared. */
  isPublished?(output: Output): boolean;
  readonly signal: AbortSignal;
}

/**
 * Compares the outputs with what is in the storage, and gives each file an action and a reason.
 *
 * @throws StaticFilesError `source` if two outputs have names that are one name in the storage
 */
export async function makePlan(
  outputs: readonly Output[],
  inventory: Inventory,
  options: PlanOptions,
): Promise<Plan> {
  if (inventory.fold) refuseCollisions(outputs, inventory.fold);
  const slice = startTimeSlice(options.signal);
  const entries: PlanEntry[] = [];
  for (const output of outputs) {
    if (slice.isOver()) await slice.yield();
    entries.push(planOutput(output, inventory, options));
  }
  return [...entries, ...planDeletions(entries, inventory, options)];
}

function planOutput(output: Output, inventory: Inventory, options: PlanOptions): PlanEntry {
  const { publicPath } = output;
  if (options.isPublished?.(output)) return keep(output);
  const stored = inventory.get(publicPath);
  const asLink = options.link && isOriginal(output);
  const reason = stored === undefined ? 'new' : whyReplace(output, stored, asLink, inventory, options);
  const action = reason === 'unchanged' ? 'keep' : asLink ? 'link' : 'copy';
  const replaced = stored !== undefined && action !== 'keep' && { stored };
  return { action, publicPath, reason, replaces: stored !== undefined, ...replaced, output };
}

/** The step of a plan that leaves an output as it is published. */
export function keep(output: Output): PlanEntry {
  return { action: 'keep', publicPath: output.publicPath, reason: 'unchanged', replaces: true, output };
}

function whyReplace(
  output: Output,
  stored: StoredFile,
  asLink: boolean,
  inventory: Inventory,
  options: PlanOptions,
): Reason {
  if (stored.kind === 'directory' || stored.kind === 'other') return 'wrong type';
  if (options.clear) return 'clear';
  if (inventory.hasSpelling?.(output.publicPath) === false) return 'letter case';
  if (asLink) return whyRelink(output, stored);
  if (stored.kind === 'link') return 'link became file';
  if (inventory.fileMode !== undefined && stored.mode !== inventory.fileMode) return 'mode';
  if (!nameSourceErrors(output, () => options.unchanged(output, stored))) return 'changed';
  return inventory.hasHeaders?.(output) === false ? 'headers' : 'unchanged';
}

function whyRelink(output: Output, stored: StoredFile): Reason {
  if (stored.kind !== 'link') return 'file became link';
  const wanted = output.body.kind === 'file' ? output.body.file : undefined;
  return stored.linkTarget === wanted ? 'unchanged' : 'link target changed';
}
