import { isPublishable } from '../paths.js';
import type { RecordedFile } from '../record.js';
import { hasPublishedBytes } from '../releases/published-bytes.js';
import type { ReleaseFile } from '../releases/release-contents.js';
import type { StoredReleases } from '../releases/stored-releases.js';
import type { Inventory } from '../storages/storage.js';
import { isAsPublished } from '../unchanged.js';
import type { LeftBehind } from './left-behind.js';
import type { ReleaseFate } from './pruning.js';

/** What is known of a file that may go. */
export interface Candidate {
  readonly reason: string;
  /** As each of the manifests tells of it; it must be as one of them does. */
  readonly told: ReleaseFile[];
  /** As it was recorded when it was published; `true` where the storage vouches that it is still so. */
  readonly recorded?: RecordedFile | true;
}

/** The files of releases that go, and what was left behind long enough ago, by public path. */
export function candidates(
  { releases, removed }: StoredReleases,
  fates: readonly ReleaseFate[],
  leftBehind: readonly LeftBehind[],
): ReadonlyMap<string, Candidate> {
  const found = new Map<string, Candidate>();
  for (const { publicPath, recorded = true, since } of leftBehind) {
    const day = new Date(since).toISOString().slice(0, 10);
    found.set(publicPath, { reason: `not published any more since ${day}`, told: [], recorded });
  }
  for (const { id, fate } of fates) {
    if (fate === 'kept') continue;
    const release = [...releases, ...removed].find((each) => each.id === id);
    const reason = fate === 'pruned' ? `release '${id}' is pruned` : `release '${id}' was removed`;
    for (const [publicPath, file] of release?.files ?? []) {
      const known = found.get(publicPath);
      if (known !== undefined) known.told.push(file);
      // A damaged manifest must not lead out of the storage.
      else if (isPublishable(publicPath)) found.set(publicPath, { reason, told: [file] });
    }
  }
  return found;
}

/** Whether it still is as it was published; `undefined` where there is no telling. */
export async function isAsItWas(
  publicPath: string,
  { told, recorded }: Candidate,
  inventory: Inventory,
): Promise<boolean | undefined> {
  const stored = inventory.get(publicPath);
  if (recorded === true) return true;
  if (stored?.kind === 'file' && recorded && isAsPublished(stored, recorded)) return true;
  let known: boolean | undefined = false;
  for (const file of told) {
    const same = await hasPublishedBytes(inventory, publicPath, file);
    if (same) return true;
    if (same === undefined) known = undefined;
  }
  return known;
}
