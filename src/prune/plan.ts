import { CODING_EXTENSIONS } from '../content-codings.js';
import { StaticFilesError } from '../errors.js';
import { createPace } from '../pace.js';
import { canCompareBytes } from '../releases/published-bytes.js';
import type { ReleaseContents } from '../releases/release-contents.js';
import type { StoredReleases } from '../releases/stored-releases.js';
import type { Inventory } from '../storages/storage.js';
import { type Candidate, candidates, isAsItWas } from './candidates.js';
import type { LeftBehind } from './left-behind.js';
import type { PrunedFile, PrunePlan, PruneRules, ReleaseFate, SparedFile } from './pruning.js';
import { completeRules, releaseFates } from './rules.js';

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
function toldBy(inventory: Inventory): readonly LeftBehind[] {
  return Array.from(inventory.leftBehind?.() ?? [], ([publicPath, since]) => ({ publicPath, since }));
}

/** Which of them are still as they were published. */
async function judge(
  going: readonly (readonly [publicPath: string, Candidate])[],
  inventory: Inventory,
  signal: AbortSignal,
): Promise<Pick<PrunePlan, 'files' | 'spared'>> {
  const pace = createPace(signal);
  const files: PrunedFile[] = [];
  const spared: SparedFile[] = [];
  for (const [publicPath, candidate] of going) {
    if (pace.due()) await pace.yield();
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
