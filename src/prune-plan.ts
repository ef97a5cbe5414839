import { StaticFilesError } from './errors.js';
import type { LeftBehind } from './left-behind.js';
import { createPace } from './pace.js';
import { isPublishable } from './paths.js';
import { completeRules, type PruneRules, type ReleaseFate, releaseFates } from './prune-rules.js';
import { canCompareBytes, hasPublishedBytes } from './published-bytes.js';
import type { RecordedFile } from './record.js';
import type { ReleaseContents, ReleaseFile } from './release-contents.js';
import type { Inventory } from './storages/storage.js';
import type { StoredReleases } from './stored-releases.js';
import { isAsPublished } from './unchanged.js';

/** A file that is deleted. */
export interface PrunedFile {
  readonly publicPath: string;
  /** Bytes. */
  readonly size: number;
  /** `release 'v40' is pruned` */
  readonly reason: string;
}

/** A file that nothing needs, and that stays nevertheless. */
export interface SparedFile {
  readonly publicPath: string;
  /** Its bytes are not those that were published; or there is no telling. */
  readonly reason: 'other bytes' | 'not comparable';
}

/** What pruning will do. */
export interface PrunePlan {
  readonly releases: readonly ReleaseFate[];
  readonly files: readonly PrunedFile[];
  readonly spared: readonly SparedFile[];
}

/** What is known of a file that may go. */
interface Candidate {
  readonly reason: string;
  /** As each of the manifests tells of it; it must be as one of them does. */
  readonly told: ReleaseFile[];
  /** As it was recorded when it was published. */
  readonly recorded?: RecordedFile;
}

export interface PrunePlanOptions {
  readonly rules: PruneRules;
  readonly now: Date;
  /** What runs of this machine published, and later ones did not. */
  readonly leftBehind: readonly LeftBehind[];
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
  const releases = releaseFates(stored, rules, now);
  const reached = reachedPaths(stored, releases);
  const pace = createPace(signal);
  const files: PrunedFile[] = [];
  const spared: SparedFile[] = [];
  const old = leftBehind.filter(({ since }) => now.getTime() - since >= completeRules(rules).leftBehindFor);
  for (const [publicPath, candidate] of candidates(stored, releases, old)) {
    if (pace.due()) await pace.yield();
    const standing = reached.has(publicPath) ? undefined : inventory.get(publicPath);
    if (standing === undefined) continue;
    const { reason } = candidate;
    const proof = await isAsItWas(publicPath, candidate, inventory);
    if (proof) files.push({ publicPath, size: standing.size, reason });
    else spared.push({ publicPath, reason: proof === false ? 'other bytes' : 'not comparable' });
  }
  return { releases, files, spared };
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
  for (const { files, complete } of live) {
    for (const publicPath of files.keys()) {
      reached.add(publicPath);
      // Which variants there are, nobody knows then.
      if (!complete) for (const extension of CODINGS) reached.add(publicPath + extension);
    }
  }
  return reached;
}

const CODINGS = ['.br', '.gz', '.zst'];

function candidates(
  { releases, removed }: StoredReleases,
  fates: readonly ReleaseFate[],
  leftBehind: readonly LeftBehind[],
): ReadonlyMap<string, Candidate> {
  const found = new Map<string, Candidate>();
  for (const { publicPath, recorded, since } of leftBehind) {
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

/** `undefined` where there is no telling. */
async function isAsItWas(
  publicPath: string,
  { told, recorded }: Candidate,
  inventory: Inventory,
): Promise<boolean | undefined> {
  const stored = inventory.get(publicPath);
  if (stored?.kind === 'file' && recorded && isAsPublished(stored, recorded)) return true;
  let known: boolean | undefined = false;
  for (const file of told) {
    const same = await hasPublishedBytes(inventory, publicPath, file);
    if (same) return true;
    if (same === undefined) known = undefined;
  }
  return known;
}
