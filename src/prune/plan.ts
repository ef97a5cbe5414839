import type { PublishRecord, RecordedFile } from '../cache/record.js';
import { type UnusedFile, unusedFiles } from '../cache/unused-files.js';
import { startTimeSlice } from '../concurrency/time-slice.js';
import { StaticFilesError } from '../errors.js';
import { CODING_EXTENSIONS } from '../model/content-encoding.js';
import { isPublishable } from '../model/public-path.js';
import { inventoryOf } from '../pipeline/destination.js';
import type { ReleaseContents, ReleaseFile } from '../pipeline/stored-manifest.js';
import { isAsPublished } from '../pipeline/unchanged.js';
import type { StoredReleases } from '../releases/read.js';
import { canCompareBytes, hasPublishedBytes } from '../releases/verify.js';
import type { Inventory, InventoryOptions, Storage } from '../storages/storage.js';
import {
  completeRules,
  type PrunedFile,
  type PrunePlan,
  type PruneRules,
  type ReleaseFate,
  releaseFates,
  type SparedFile,
} from './rules.js';

export interface PrunePlanOptions {
  /** The storage of the files. */
  readonly storage: Storage;
  readonly look: InventoryOptions;
  /** The record of the destination, which knows unused files of earlier runs. */
  readonly record: PublishRecord;
  readonly rules: PruneRules;
  readonly signal: AbortSignal;
}

/**
 * Plans which files are deleted: those of pruned releases and unused files, if no manifest that stays names them, and if
 * they have the bytes that were published. Other files are not this tool's to delete.
 *
 * @throws StaticFilesError `plugin` if the storage cannot compare bytes
 */
export async function planPrune(
  stored: StoredReleases,
  { storage, look, record, rules, signal }: PrunePlanOptions,
): Promise<PrunePlan> {
  const inventory = await inventoryOf(storage, signal, look);
  if (!canCompareBytes(inventory)) throw cannotCompare();
  // The plan is made when the time has come: the other run may publish until then.
  if (inventory.quiet) return { releases: [], files: [], spared: [], quietUntil: inventory.quiet.until };
  const now = new Date();
  const releases = releaseFates(stored, rules, now);
  const { fold = (publicPath: string) => publicPath } = inventory;
  const needed = new Set(Array.from(neededPaths(stored, releases), fold));
  const unused = [...unusedFiles(record), ...unusedByIndex(inventory)];
  const { unusedFor } = completeRules(rules);
  const old = unused.filter(({ since }) => now.getTime() - since >= unusedFor);
  const candidates = [...candidatesOf(stored, releases, old)].filter(
    ([publicPath]) => !needed.has(fold(publicPath)),
  );
  return { releases, ...(await judge(candidates, inventory, signal)) };
}

function cannotCompare(): StaticFilesError {
  return new StaticFilesError(
    'plugin',
    'The storage cannot compare files with what was published, so nothing is pruned. ' +
      "It must compare by the hash 'sha384', or its inventory must have the method digest (docs/plugins.md).",
  );
}

/** The unused files that the index of the storage knows. */
function unusedByIndex(inventory: Inventory): readonly UnusedFile[] {
  return Array.from(inventory.unusedFiles?.() ?? [], ([publicPath, since]) => ({ publicPath, since }));
}

function neededPaths(
  { active, releases }: StoredReleases,
  fates: readonly ReleaseFate[],
): ReadonlySet<string> {
  const kept = new Set(fates.filter(({ fate }) => fate === 'kept').map(({ id }) => id));
  const live: ReleaseContents[] = [...releases.filter(({ id }) => kept.has(id)), ...(active ? [active] : [])];
  const needed = new Set<string>();
  for (const { manifest, files, complete } of live) {
    for (const publicPath of files.keys()) needed.add(publicPath);
    if (complete) continue;
    // Without details, originals and variants are unknown, but servers send those that they find.
    for (const publicPath of [...files.keys(), ...Object.keys(manifest.paths)]) {
      needed.add(publicPath);
      for (const extension of Object.values(CODING_EXTENSIONS)) needed.add(publicPath + extension);
    }
  }
  return needed;
}

/** A file that may be deleted, and what is known of it. */
interface Candidate {
  readonly reason: string;
  /** What manifests say about it. It must be as one of them says. */
  readonly described: ReleaseFile[];
  /** How it was recorded when it was published; `true` if the storage vouches that it is unchanged. */
  readonly recorded?: RecordedFile | true;
}

/** The files of releases that go, and old unused files, by public path. */
function candidatesOf(
  { releases, removed }: StoredReleases,
  fates: readonly ReleaseFate[],
  unused: readonly UnusedFile[],
): ReadonlyMap<string, Candidate> {
  const found = new Map<string, Candidate>();
  for (const { publicPath, recorded = true, since } of unused) {
    const day = new Date(since).toISOString().slice(0, 10);
    found.set(publicPath, { reason: `not published any more since ${day}`, described: [], recorded });
  }
  for (const { id, fate } of fates) {
    if (fate === 'kept') continue;
    const release = [...releases, ...removed].find((each) => each.id === id);
    const reason = fate === 'pruned' ? `release '${id}' is pruned` : `release '${id}' was removed`;
    for (const [publicPath, file] of release?.files ?? []) {
      const known = found.get(publicPath);
      if (known !== undefined) known.described.push(file);
      // A damaged manifest must not point out of the storage.
      else if (isPublishable(publicPath)) found.set(publicPath, { reason, described: [file] });
    }
  }
  return found;
}

/** Deletes the candidates that still are as they were published, and spares the others. */
async function judge(
  candidates: readonly (readonly [publicPath: string, Candidate])[],
  inventory: Inventory,
  signal: AbortSignal,
): Promise<Pick<PrunePlan, 'files' | 'spared'>> {
  const slice = startTimeSlice(signal);
  const files: PrunedFile[] = [];
  const spared: SparedFile[] = [];
  for (const [publicPath, candidate] of candidates) {
    if (slice.isOver()) await slice.yield();
    const stored = inventory.get(publicPath);
    if (stored === undefined) continue;
    const isUnchanged = await isAsItWas(publicPath, candidate, inventory);
    if (isUnchanged) files.push({ publicPath, size: stored.size, reason: candidate.reason });
    else spared.push({ publicPath, reason: isUnchanged === false ? 'other bytes' : 'not comparable' });
  }
  return { files, spared };
}

/** Whether a file is as it was published; `undefined` if that is unknown. */
async function isAsItWas(
  publicPath: string,
  { described, recorded }: Candidate,
  inventory: Inventory,
): Promise<boolean | undefined> {
  const stored = inventory.get(publicPath);
  if (recorded === true) return true;
  if (stored?.kind === 'file' && recorded && isAsPublished(stored, recorded)) return true;
  let result: boolean | undefined = false;
  for (const file of described) {
    const same = await hasPublishedBytes(inventory, publicPath, file);
    if (same) return true;
    if (same === undefined) result = undefined;
  }
  return result;
}
