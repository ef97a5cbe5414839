import { isReleaseId, parseReleaseNote, type ReleaseNames, releaseNames } from '../manifest/release.js';
import { inventoryOf } from '../pipeline/destination.js';
import {
  contentsAt,
  type DetailedFiles,
  type ManifestPlace,
  type ReleaseContents,
  readActive,
  readDetails,
  textAt,
} from '../pipeline/stored-manifest.js';
import type { Inventory, InventoryOptions } from '../storages/storage.js';

/** A release whose manifest stands in the storage. */
export interface StoredRelease extends ReleaseContents {
  readonly id: string;
  /** When its manifest was last written; unknown where it was put there by other means. */
  readonly published: Date | undefined;
}

/** A release without a manifest: its files wait to be pruned. Its details tell which they are. */
interface RemovedRelease extends DetailedFiles {
  readonly id: string;
}

/** All that is published. */
export interface StoredReleases {
  /** The manifest that is read where no release is named; none before the first run. */
  readonly active: ReleaseContents | undefined;
  /** The last one published first. */
  readonly releases: readonly StoredRelease[];
  readonly removed: readonly RemovedRelease[];
}

/**
 * Reads the manifest of the active release, and those of all releases.
 *
 * @throws StaticFilesError `target` where one of them is damaged; `plugin` where the storage fails
 */
export async function readReleases(place: ManifestPlace, look?: InventoryOptions): Promise<StoredReleases> {
  const { storage, name, signal } = place;
  const inventory = await inventoryOf(storage, signal, { ...look, complete: true });
  const active = await readActive(place);
  const releases: StoredRelease[] = [];
  const removed: RemovedRelease[] = [];
  for (const [id, names] of namesIn(inventory, name)) {
    if (active?.files.has(names.manifest)) continue; // a static file that happens to be called so
    const contents = await contentsAt(place, names.manifest, names.details);
    if (contents === undefined) removed.push({ id, ...(await removedFiles(place, names.details)) });
    else releases.push({ id, published: await publishedAt(place, names.note), ...contents });
  }
  return { active, releases: releases.sort(byTime), removed };
}

/** The ids of all releases, removed ones too, and the names of their files. */
function namesIn(inventory: Inventory, manifestName: string): ReadonlyMap<string, ReleaseNames> {
  const found = new Map<string, ReleaseNames>();
  for (const [publicPath] of inventory.entries()) {
    const id = publicPath.slice(0, Math.max(0, publicPath.indexOf('/')));
    if (!isReleaseId(id) || found.has(id)) continue;
    const names = releaseNames(id, manifestName);
    if (publicPath === names.manifest || publicPath === names.details) found.set(id, names);
  }
  return found;
}

async function removedFiles(place: ManifestPlace, detailsName: string): Promise<DetailedFiles> {
  const details = await textAt(place, detailsName);
  return details ? readDetails(details) : { files: new Map(), belongsTo: undefined };
}

async function publishedAt(place: ManifestPlace, noteName: string): Promise<Date | undefined> {
  const note = await textAt(place, noteName);
  return note && parseReleaseNote(note.text);
}

/** Unknown times first, as of releases that were published just now. */
export function byTime(a: StoredRelease, b: StoredRelease): number {
  const [timeA, timeB] = [a.published?.getTime() ?? Infinity, b.published?.getTime() ?? Infinity];
  if (timeA !== timeB) return timeA < timeB ? 1 : -1;
  return a.id < b.id ? -1 : 1;
}
