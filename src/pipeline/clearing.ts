import { StaticFilesError } from '../errors.js';
import { parseDetails } from '../manifest/details.js';
import { detailsNameOf } from '../manifest/manifest.js';
import type { Warning } from '../model/static-file.js';
import type { Settings } from '../settings/settings.js';
import { destinationName } from '../storages/destination.js';
import type { Inventory, Storage } from '../storages/storage.js';
import { filesText } from '../text/name-list.js';
import { MAX_DELETE, type RunOptions } from './options.js';
import type { Plan, PlanEntry, Publication } from './plan.js';
import { manifestStorage, readText } from './stored-manifest.js';

/** Whether a run has published what is at a path. */
export type IsOwn = (publicPath: string) => boolean;

/**
 * Finds out which files at a destination were published by a run. A run leaves a note. If there is none, a manifest with
 * details proves a run of an older version.
 *
 * @returns `undefined` if all files count as published
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
  const manifests = manifestStorage(settings, signal);
  if (manifests.storage !== settings.storage) return false; // says nothing about this destination
  const details = await readText(manifests, detailsNameOf(manifests.name));
  try {
    return details !== undefined && parseDetails(details.text, details.where) !== undefined;
  } catch (error) {
    if (error instanceof StaticFilesError) return false;
    throw error;
  }
}

/** A plan, and what decides on its deletions. */
export interface GuardedPlan extends Publication {
  readonly inventory: Inventory;
  readonly isOwn: IsOwn | undefined;
  readonly clear: boolean | 'all';
  /** Files that `clear` does not delete, since no run has published them. */
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
  if (nested !== undefined) throw replacesDestination(storage, nested);
  if (clear === true && inventory.hasRun === false && spared.length > 0)
    throw neverPublished(storage, spared);
  const inTheWay = foreignInTheWay(guarded);
  if (inTheWay.length > 0) throw replacesForeignFiles(storage, inTheWay);
}

/** A folder that would be replaced by a file, and another destination that is this folder or in it. */
interface NestedDestination {
  readonly publicPath: string;
  readonly destination: string;
}

function nestedInTheWay({ plan, inventory }: GuardedPlan): NestedDestination | undefined {
  const { fold = (path: string) => path } = inventory;
  const folders = plan.filter(
    ({ reason, stored }) => reason === 'wrong type' && stored?.kind === 'directory',
  );
  if (folders.length === 0) return undefined;
  for (const destination of inventory.nested?.() ?? []) {
    const replaced = folders.find(({ publicPath }) =>
      fold(`${destination}/`).startsWith(fold(`${publicPath}/`)),
    );
    if (replaced !== undefined) return { publicPath: replaced.publicPath, destination };
  }
  return undefined;
}

function foreignInTheWay({ plan, isOwn, clear }: GuardedPlan): readonly string[] {
  if (clear === 'all' || isOwn === undefined) return [];
  return plan
    .filter((entry) => destroys(entry) && !isOwn(entry.publicPath))
    .map(({ publicPath }) => publicPath);
}

/** Whether something of another type is lost: a file that makes room for a folder, a file in a folder, a socket. */
function destroys({ reason, stored }: PlanEntry): boolean {
  return reason === 'in the way' || (reason === 'wrong type' && stored?.kind === 'other');
}

function replacesDestination(
  storage: Storage,
  { publicPath, destination }: NestedDestination,
): StaticFilesError {
  return new StaticFilesError(
    'target',
    `${destinationName(storage)}: the folder '${publicPath}' would be replaced by a file, but another project ` +
      `publishes to '${destination}'. Nothing was changed. Rename the file, or publish it to another folder.`,
  );
}

function neverPublished(storage: Storage, files: readonly string[]): StaticFilesError {
  return new StaticFilesError(
    'target',
    `${destinationName(storage)}: no run of collectstatic has published here, so --clear deletes nothing. ` +
      `It would delete ${filesText(files)}. Nothing was changed. ` +
      'Publish to another folder, or use --clear=all to delete everything that this run does not publish.',
  );
}

function replacesForeignFiles(storage: Storage, files: readonly string[]): StaticFilesError {
  const them = files.length === 1 ? 'it' : 'them';
  return new StaticFilesError(
    'target',
    `${destinationName(storage)}: ${filesText(files)} would be replaced by a file or folder of this run, ` +
      `but no run of collectstatic has published ${them}. Nothing was changed. ` +
      `Move ${them} away, or use --clear=all to delete everything that this run does not publish.`,
  );
}

/** Warns of the files that `--clear` does not delete. */
export function sparedWarning(storage: Storage, spared: readonly string[]): Warning {
  const them = spared.length === 1 ? 'it' : 'them';
  const message =
    `${destinationName(storage)}: --clear leaves ${filesText(spared)}. No run from here has published ${them}. ` +
    `Use --clear=all to delete ${them}.`;
  return { code: 'not-ours', message };
}

/** What limits the deletions of a run. */
export interface ClearLimit extends Pick<RunOptions, 'clear' | 'maxDelete' | 'dryRun'> {
  readonly storage: Storage;
  warn(warning: Warning): void;
}

/**
 * Refuses a plan in which `clear` deletes more files than `maxDelete` allows. A dry run only warns. For a local folder
 * there is no limit unless `maxDelete` is given.
 *
 * @throws StaticFilesError `target`
 */
export function limitClearing(plan: Plan, { storage, clear, maxDelete, dryRun, warn }: ClearLimit): void {
  if (!clear) return;
  const limit = maxDelete ?? (storage.folder === undefined ? MAX_DELETE : Infinity);
  const files = plan.filter(({ reason }) => reason === 'not collected').map(({ publicPath }) => publicPath);
  if (files.length <= limit) return;
  const message =
    `${destinationName(storage)}: --clear would delete ${filesText(files)}. ` +
    `--max-delete allows ${limit}, so nothing is changed.`;
  const next = `use --max-delete ${files.length}.`;
  if (!dryRun)
    throw new StaticFilesError('target', `${message} Check the files with --dry-run, then ${next}`);
  warn({ code: 'max-delete', message: `${message} To delete them, ${next}` });
}
