import type { RecordedFile } from '../cache/record.js';
import type { UnusedFile } from '../cache/unused-files.js';
import { startTimeSlice } from '../concurrency/time-slice.js';
import { StaticFilesError } from '../errors.js';
import { CODING_EXTENSIONS } from '../model/content-encoding.js';
import { isPublishable } from '../model/public-path.js';
import type { ReleaseContents, ReleaseFile } from '../pipeline/stored-manifest.js';
import { isAsPublished } from '../pipeline/unchanged.js';
import type { StoredReleases } from '../releases/read.js';
import { canCompareBytes, hasPublishedBytes } from '../releases/verify.js';
import type { Inventory } from '../storages/storage.js';
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
  readonly rules: PruneRules;
  readonly now: Date;
  /** What runs of this machine published, and later ones did not. */
  readonly leftBehind: readonly UnusedFile[];
  readonly signal: AbortSignal;
}

/**
 * Decides what is deleted: what a release that goes names, what nothing that stays names, and what has the bytes that
 * were published. All else is not this tool's to delete.
 *
 * @throws StaticFilesError `plugin` where the storage cannot tell that
 */
export async function planPrune(
  stored: StoredReleases,
  inventory: Inventory,
  { rules, now, leftBehind, signal }: PrunePlanOptions,
): Promise<PrunePlan> {
  if (!canCompareBytes(inventory)) throw cannotCompare();
  // What goes is planned when the time has come, not before: the other run may have published by then.
  if (inventory.quiet) return { releases: [], files: [], spared: [], quietUntil: inventory.quiet.until };
  const releases = releaseFates(stored, rules, now);
  const { fold = (publicPath: string) => publicPath } = inventory;
  const reached = new Set(Array.from(reachedPaths(stored, releases), fold));
  const left = [...leftBehind, ...toldBy(inventory)];
  const old = left.filter(({ since }) => now.getTime() - since >= completeRules(rules).leftBehindFor);
  const going = [...candidates(stored, releases, old)].filter(
    ([publicPath]) => !reached.has(fold(publicPath)),
  );
  return { releases, ...(await judge(going, inventory, signal)) };
}

/** What the storage itself knows to be left behind. */
function toldBy(inventory: Inventory): readonly UnusedFile[] {
  return Array.from(inventory.unusedFiles?.() ?? [], ([publicPath, since]) => ({ publicPath, since }));
}

/** Which of them are still as they were published. */
async function judge(
  going: readonly (readonly [publicPath: string, Candidate])[],
  inventory: Inventory,
  signal: AbortSignal,
): Promise<Pick<PrunePlan, 'files' | 'spared'>> {
  const slice = startTimeSlice(signal);
  const files: PrunedFile[] = [];
  const spared: SparedFile[] = [];
  for (const [publicPath, candidate] of going) {
    if (slice.isOver()) await slice.yield();
    const standing = inventory.get(publicPath);
    if (standing === undefined) continue;
    const proof = await isAsItWas(publicPath, candidate, inventory);
    if (proof) files.push({ publicPath, size: standing.size, reason: candidate.reason });
    else spared.push({ publicPath, reason: proof === false ? 'other bytes' : 'not comparable' });
  }
  return { files, spared };
}

function cannotCompare(): StaticFilesError {
  return new StaticFilesError(
    'plugin',
    'The storage cannot tell whether files are still as they were published, so nothing is pruned. ' +
      "It must compare by the hash 'sha384', or its inventory have the method digest (docs/plugins.md).",
  );
}

function reachedPaths(
  { active, releases }: StoredReleases,
  fates: readonly ReleaseFate[],
): ReadonlySet<string> {
  const kept = new Set(fates.filter(({ fate }) => fate === 'kept').map(({ id }) => id));
  const live: ReleaseContents[] = [...releases.filter(({ id }) => kept.has(id)), ...(active ? [active] : [])];
  const reached = new Set<string>();
  for (const { manifest, files, complete } of live) {
    for (const publicPath of files.keys()) reached.add(publicPath);
    if (complete) continue;
    // Nothing says which files have a plain copy or variants: servers send whatever of them they find.
    for (const publicPath of [...files.keys(), ...Object.keys(manifest.paths)]) {
      reached.add(publicPath);
      for (const extension of Object.values(CODING_EXTENSIONS)) reached.add(publicPath + extension);
    }
  }
  return reached;
}

/** What is known of a file that may go. */
interface Candidate {
  readonly reason: string;
  /** As each of the manifests tells of it; it must be as one of them does. */
  readonly told: ReleaseFile[];
  /** As it was recorded when it was published; `true` where the storage vouches that it is still so. */
  readonly recorded?: RecordedFile | true;
}

/** The files of releases that go, and what was left behind long enough ago, by public path. */
function candidates(
  { releases, removed }: StoredReleases,
  fates: readonly ReleaseFate[],
  leftBehind: readonly UnusedFile[],
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
async function isAsItWas(
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
