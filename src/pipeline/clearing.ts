import { StaticFilesError } from '../errors.js';
import { parseDetails } from '../manifest/details.js';
import { detailsNameOf } from '../manifest/manifest.js';
import type { Warning } from '../model/static-file.js';
import type { Settings } from '../settings/settings.js';
import { destinationName } from '../storages/destination.js';
import type { Inventory, Storage } from '../storages/storage.js';
import { filesText } from '../text/name-list.js';
import { MAX_DELETE, type RunOptions } from './options.js';
import type { Plan, PlanEntry } from './plan.js';
import { manifestPlace, textAt } from './stored-manifest.js';

/** Whether a run has published what is at a path. */
export type IsOwn = (publicPath: string) => boolean;

/**
 * Finds out what at a destination runs have published; `undefined` if all of it counts as that. A destination without a
 * note of a run may still have been published to, by a version that left none: a manifest with details proves that.
 */
export async function ownership(
  inventory: Inventory,
  settings: Pick<Settings, 'storage' | 'manifest'>,
  signal: AbortSignal,
): Promise<IsOwn | undefined> {
  if (inventory.hasRun === false && !(await hasManifest(settings, signal))) return () => false;
  return inventory.isOwn && ((publicPath) => inventory.isOwn?.(publicPath) ?? true);
}

async function hasManifest(
  settings: Pick<Settings, 'storage' | 'manifest'>,
  signal: AbortSignal,
): Promise<boolean> {
  const { storage, name } = manifestPlace(settings, signal);
  if (storage !== settings.storage) return false; // says nothing of this destination
  const details = await textAt({ storage, name, signal }, detailsNameOf(name));
  try {
    return details !== undefined && parseDetails(details.text, details.where) !== undefined;
  } catch (error) {
    if (error instanceof StaticFilesError) return false;
    throw error;
  }
}

/** What a plan would delete, and whether it may. */
export interface GuardedPlan {
  readonly plan: Plan;
  readonly storage: Storage;
  readonly inventory: Inventory;
  readonly isOwn: IsOwn | undefined;
  readonly clear: boolean | 'all';
  /** Files that `clear` leaves, since no run has published them. */
  readonly spared: readonly string[];
}

/**
 * Refuses a plan that would delete what no run has published.
 *
 * @throws StaticFilesError `target`
 */
export function refuseForeignDeletions(guarded: GuardedPlan): void {
  const { storage, inventory, clear, spared } = guarded;
  const nested = nestedInTheWay(guarded);
  if (nested !== undefined) throw holdsDestination(storage, nested);
  if (clear === true && inventory.hasRun === false && spared.length > 0)
    throw neverPublished(storage, spared);
  const inTheWay = foreignInTheWay(guarded);
  if (inTheWay.length > 0) throw foreignFilesInTheWay(storage, inTheWay);
}

/** Says what `clear` has left. */
export function sparedWarning(storage: Storage, spared: readonly string[]): Warning {
  const message =
    `${destinationName(storage)}: --clear leaves ${filesText(spared)}, since no run from here has published ` +
    `${spared.length === 1 ? 'it' : 'them'}. Delete ${spared.length === 1 ? 'it' : 'them'} with --clear=all.`;
  return { code: 'not-ours', message };
}

/** A folder that would be replaced by a file, and another destination at or below it. */
function nestedInTheWay({ plan, inventory }: GuardedPlan) {
  const { fold = (path: string) => path } = inventory;
  const folders = plan.filter(
    ({ reason, stored }) => reason === 'wrong type' && stored?.kind === 'directory',
  );
  if (folders.length === 0) return undefined;
  for (const destination of inventory.nested?.() ?? []) {
    const { publicPath } =
      folders.find((entry) => fold(`${destination}/`).startsWith(fold(`${entry.publicPath}/`))) ?? {};
    if (publicPath !== undefined) return { publicPath, destination };
  }
  return undefined;
}

function foreignInTheWay({ plan, isOwn, clear }: GuardedPlan): readonly string[] {
  if (clear === 'all' || isOwn === undefined) return [];
  return plan
    .filter((entry) => destroys(entry) && !isOwn(entry.publicPath))
    .map(({ publicPath }) => publicPath);
}

/** Whether something of another type is lost: a file for a folder, what is in a folder for a file, a socket. */
function destroys({ reason, stored }: PlanEntry): boolean {
  return reason === 'in the way' || (reason === 'wrong type' && stored?.kind === 'other');
}

function holdsDestination(
  storage: Storage,
  { publicPath, destination }: { readonly publicPath: string; readonly destination: string },
): StaticFilesError {
  return new StaticFilesError(
    'target',
    `${destinationName(storage)}: the folder '${publicPath}' would be replaced by a file, and '${destination}' is published to ` +
      'by another project. Nothing was changed. Rename the file, or publish it to another folder.',
  );
}

function neverPublished(storage: Storage, files: readonly string[]): StaticFilesError {
  return new StaticFilesError(
    'target',
    `${destinationName(storage)}: no run of collectstatic has published here, so --clear deletes nothing. ` +
      `It would delete ${filesText(files)}. Nothing was changed. ` +
      'Name another folder, or delete all that this run does not publish with --clear=all.',
  );
}

function foreignFilesInTheWay(storage: Storage, files: readonly string[]): StaticFilesError {
  return new StaticFilesError(
    'target',
    `${destinationName(storage)}: ${filesText(files)} would be replaced by a folder, or by a file in place of their folder, ` +
      'and no run of collectstatic has published them. Nothing was changed. ' +
      'Move them away, or delete all that this run does not publish there with --clear=all.',
  );
}

/** What a clearing run is allowed, and where it says so. */
export interface ClearLimit extends Pick<RunOptions, 'clear' | 'maxDelete' | 'dryRun'> {
  readonly storage: Storage;
  warn(warning: Warning): void;
}

/**
 * Holds what `--clear` would delete against its limit. A local folder has none unless it is given.
 *
 * @throws StaticFilesError `target` where it is more; a dry run only warns
 */
export function limitClearing(plan: Plan, { storage, clear, maxDelete, dryRun, warn }: ClearLimit): void {
  const limit = maxDelete ?? (storage.folder === undefined ? MAX_DELETE : Infinity);
  if (!clear) return;
  const files = plan.filter(({ reason }) => reason === 'not collected').map(({ publicPath }) => publicPath);
  if (files.length <= limit) return;
  const message =
    `${destinationName(storage)}: --clear would delete ${filesText(files)}. ` +
    `--max-delete allows ${limit}, so nothing is changed.`;
  const next = `give --max-delete ${files.length}.`;
  if (!dryRun) throw new StaticFilesError('target', `${message} Look at them with --dry-run, then ${next}`);
  warn({ code: 'max-delete', message: `${message} To delete them, ${next}` });
}
