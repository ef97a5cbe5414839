import { StaticFilesError } from './errors.js';
import { detailsNameOf } from './manifest.js';
import { parseDetails } from './parse-details.js';
import { manifestPlace, textAt } from './releases/stored-releases.js';
import type { Settings } from './settings/settings.js';
import type { Inventory } from './storages/storage.js';

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
