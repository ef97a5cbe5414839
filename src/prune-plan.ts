import { createPace } from './pace.js';
import { isPublishable } from './paths.js';
import { type PruneRules, type ReleaseFate, releaseFates } from './prune-rules.js';
import { hasPublishedBytes } from './published-bytes.js';
import type { ReleaseContents, ReleaseFile } from './release-contents.js';
import type { Inventory } from './storages/storage.js';
import type { StoredReleases } from './stored-releases.js';

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
}

export interface PrunePlanOptions {
  readonly rules: PruneRules;
  readonly now: Date;
  readonly signal: AbortSignal;
}

/**
 * Decides what is deleted: what a release that goes names, what nothing that stays names, and what has the bytes that
 * were published. All else is not this tool's to delete.
 */
export async function planPrune(
  stored: StoredReleases,
  inventory: Inventory,
  { rules, now, signal }: PrunePlanOptions,
): Promise<PrunePlan> {
  const releases = releaseFates(stored, rules, now);
  const reached = reachedPaths(stored, releases);
  const pace = createPace(signal);
  const files: PrunedFile[] = [];
  const spared: SparedFile[] = [];
  for (const [publicPath, { reason, told }] of candidates(stored, releases)) {
    if (pace.due()) await pace.yield();
    const standing = reached.has(publicPath) ? undefined : inventory.get(publicPath);
    if (standing === undefined) continue;
    const proof = await proveOneOf(told, (file) => hasPublishedBytes(inventory, publicPath, file));
    if (proof) files.push({ publicPath, size: standing.size, reason });
    else spared.push({ publicPath, reason: proof === false ? 'other bytes' : 'not comparable' });
  }
  return { releases, files, spared };
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
): ReadonlyMap<string, Candidate> {
  const found = new Map<string, Candidate>();
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

/** Whether one of them is true; `undefined` where none is, and one cannot be told. */
async function proveOneOf<T>(
  items: readonly T[],
  prove: (item: T) => Promise<boolean | undefined>,
): Promise<boolean | undefined> {
  let proof: boolean | undefined = false;
  for (const item of items) {
    const each = await prove(item);
    if (each) return true;
    if (each === undefined) proof = undefined;
  }
  return proof;
}
