import { startTimeSlice } from '../concurrency/time-slice.js';
import { nameSourceErrors } from '../model/body.js';
import { refuseCollisions } from '../model/collisions.js';
import { isOriginal, type Output } from '../model/output.js';
import type { Inventory, StoredFile } from '../storages/storage.js';
import { planDeletions } from './plan-deletions.js';
import type { UnchangedProof } from './unchanged.js';

/** What publishing does at a path. */
export type Action = 'copy' | 'link' | 'keep' | 'delete';

/** Why. */
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

/** One step of a plan. */
export interface PlanEntry {
  readonly action: Action;
  readonly publicPath: string;
  readonly reason: Reason;
  /** Whether something stands at the path now. */
  readonly replaces: boolean;
  /** That, where it is to be replaced or deleted. */
  readonly stored?: StoredFile;
  /** What will be published there; none for `delete`. */
  readonly output?: Output;
}

/**
 * What publishing will do: stale variants are deleted, then each output in order, then the other deletions. A dry run
 * shows it, a real run applies it.
 */
export type Plan = readonly PlanEntry[];

/** Whether it goes before anything is written: what a server would send for a file that is about to have other bytes. */
export function isDeletedFirst({ action, reason }: PlanEntry): boolean {
  return action === 'delete' && reason === 'stale variant';
}

/** Whether it goes after all else. What is in the way is removed by the storage right before its replacement. */
export function isDeletedLast(entry: PlanEntry): boolean {
  return entry.action === 'delete' && entry.reason !== 'in the way' && !isDeletedFirst(entry);
}

export interface PlanOptions {
  readonly link: boolean;
  /** Delete what is not published now: what runs have published before, or `all`. */
  readonly clear: boolean | 'all';
  /** Whether a run has published what is at a path; all counts as published without it. */
  isOwn?(publicPath: string): boolean;
  /** Called for each file that `clear` does not delete, since no run has published it. */
  onSpared?(publicPath: string): void;
  readonly unchanged: UnchangedProof;
  /** Whether an output is known to stand there, so that it need not be looked at. */
  isPublished?(output: Output): boolean;
  readonly signal: AbortSignal;
}

/**
 * Compares what is to be published with what is there, and gives each file an action and its reason.
 *
 * @throws StaticFilesError `source` where the destination takes the names of two outputs for one
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
  if (options.isPublished?.(output))
    return { action: 'keep', publicPath, reason: 'unchanged', replaces: true, output };
  const stored = inventory.get(publicPath);
  const asLink = options.link && isOriginal(output);
  const reason = stored === undefined ? 'new' : whyReplace(output, stored, asLink, inventory, options);
  const action = reason === 'unchanged' ? 'keep' : asLink ? 'link' : 'copy';
  const replaced = stored !== undefined && action !== 'keep' && { stored };
  return { action, publicPath, reason, replaces: stored !== undefined, ...replaced, output };
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
