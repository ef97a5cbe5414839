import { runAll } from '../concurrency/run-all.js';
import { isReleaseId, parseReleaseNote, type ReleaseNames, releaseNames } from '../manifest/release.js';
import { inventoryOf } from '../pipeline/destination.js';
import {
  type DetailedFiles,
  type ManifestStorage,
  parseDetailedFiles,
  type ReleaseContents,
  readActive,
  readManifest,
  readText,
} from '../pipeline/stored-manifest.js';
import type { Inventory, InventoryOptions } from '../storages/storage.js';

/** All manifests in a storage. */
export interface StoredReleases {
  /** The manifest that applications read unless they name a release; `undefined` before the first run. */
  readonly active: ReleaseContents | undefined;
  /** The last published one first. */
  readonly releases: readonly StoredRelease[];
  readonly removed: readonly RemovedRelease[];
}

/** A release with a manifest in the storage. */
export interface StoredRelease extends ReleaseContents {
  readonly id: string;
  /** When its manifest was last written; `undefined` if its note is missing. */
  readonly published: Date | undefined;
}

/** A release without a manifest. Its details name the files that wait to be pruned. */
interface RemovedRelease extends DetailedFiles {
  readonly id: string;
}

/**
 * Reads the active manifest and those of all releases.
 *
 * @throws StaticFilesError `target` if one of them is damaged; `plugin` if the storage fails
 */
export async function readReleases(
  manifests: ManifestStorage,
  look?: InventoryOptions,
): Promise<StoredReleases> {
  const { storage, name, signal } = manifests;
  const inventory = await inventoryOf(storage, signal, { ...look, complete: true });
  const active = await readActive(manifests);
  // A static file may have the name of a manifest.
  const found = [...releaseNamesIn(inventory, name)].filter(
    ([, { manifest }]) => !active?.files.has(manifest),
  );
  const read = await readSideBySide(found, signal, ([id, names]) => readRelease(manifests, id, names));
  const releases = read.filter((release): release is StoredRelease => 'manifest' in release);
  const removed = read.filter((release): release is RemovedRelease => !('manifest' in release));
  return { active, releases: releases.sort(byTime), removed };
}

/** How many releases are read at a time. */
const AT_ONCE = 16;

/**
 * Reads releases, several at a time.
 *
 * @returns what was read, in the order of the items
 * @throws what the first item in that order threw. All before it were started, since they are started in order
 */
async function readSideBySide<Item, Result>(
  items: readonly Item[],
  signal: AbortSignal,
  read: (item: Item) => Promise<Result>,
): Promise<readonly Result[]> {
  const errors: unknown[] = [];
  try {
    return await runAll([...items.entries()], { limit: AT_ONCE, signal }, async ([index, item]) => {
      try {
        return await read(item);
      } catch (error) {
        errors[index] = error;
        throw error;
      }
    });
  } catch (error) {
    signal.throwIfAborted();
    throw errors.find((each) => each !== undefined) ?? error;
  }
}

async function readRelease(
  manifests: ManifestStorage,
  id: string,
  { manifest, details, note }: ReleaseNames,
): Promise<StoredRelease | RemovedRelease> {
  const contents = await readManifest(manifests, manifest, details);
  if (contents === undefined) return { id, ...(await removedFiles(manifests, details)) };
  return { id, published: await publishedAt(manifests, note), ...contents };
}

/** The ids of all releases, removed ones too, and the names of their files. */
function releaseNamesIn(inventory: Inventory, manifestName: string): ReadonlyMap<string, ReleaseNames> {
  const found = new Map<string, ReleaseNames>();
  for (const [publicPath] of inventory.entries()) {
    const id = publicPath.slice(0, Math.max(0, publicPath.indexOf('/')));
    if (!isReleaseId(id) || found.has(id)) continue;
    const names = releaseNames(id, manifestName);
    if (publicPath === names.manifest || publicPath === names.details) found.set(id, names);
  }
  return found;
}

async function removedFiles(manifests: ManifestStorage, detailsName: string): Promise<DetailedFiles> {
  const details = await readText(manifests, detailsName);
  return details ? parseDetailedFiles(details) : { files: new Map(), belongsTo: undefined };
}

async function publishedAt(manifests: ManifestStorage, noteName: string): Promise<Date | undefined> {
  const note = await readText(manifests, noteName);
  return note && parseReleaseNote(note.text);
}

/** Sorts the last published release first. An unknown time counts as now. */
export function byTime(a: StoredRelease, b: StoredRelease): number {
  const [timeA, timeB] = [a.published?.getTime() ?? Infinity, b.published?.getTime() ?? Infinity];
  if (timeA !== timeB) return timeA < timeB ? 1 : -1;
  return a.id < b.id ? -1 : 1;
}
