import { StaticFilesError } from '../errors.js';
import { MAX_DELETE } from '../pipeline/options.js';
import type { FileAmount } from '../releases/list.js';
import type { StoredReleases } from '../releases/read.js';

const DEFAULT_KEEP = 3;

const DEFAULT_AGE = 7 * 24 * 60 * 60 * 1000;

/** The rules with what they come to where one or both are left out. */
export function completeRules({ keep, olderThan }: PruneRules): Required<PruneRules> & {
  readonly keep: number;
  readonly olderThan: number;
  /** For files of runs that were no release: which of them are the newest, nobody can tell. */
  readonly leftBehindFor: number;
} {
  const neither = keep === undefined && olderThan === undefined;
  return {
    keep: keep ?? (neither ? DEFAULT_KEEP : 0),
    olderThan: olderThan ?? (neither ? DEFAULT_AGE : 0),
    leftBehindFor: olderThan ?? DEFAULT_AGE,
  };
}

/** Decides on each release, removed ones last. */
export function releaseFates(
  { active, releases, removed }: StoredReleases,
  rules: PruneRules,
  now: Date,
): readonly ReleaseFate[] {
  const { keep, olderThan } = completeRules(rules);
  const fates = releases.map(({ id, published }, index): ReleaseFate => {
    const kept = (reason: ReleaseFate['reason']) => ({ id, published, fate: 'kept', reason }) as const;
    if (id === active?.manifest.release) return kept('active');
    if (published === undefined) return kept('time unknown');
    if (index < keep) return kept('among the newest');
    if (now.getTime() - published.getTime() < olderThan) return kept('young');
    return { id, published, fate: 'pruned', reason: 'old' };
  });
  const gone = removed.map(
    ({ id }): ReleaseFate => ({ id, published: undefined, fate: 'removed', reason: 'has no manifest' }),
  );
  return [...fates, ...gone];
}

/** Which releases stay, besides the active one. Unless either is given: three, and those of the last seven days. */
export interface PruneRules {
  /** How many of those that were published last. */
  readonly keep?: number | undefined;
  /** Those that are younger than this, in milliseconds. */
  readonly olderThan?: number | undefined;
}

/** What becomes of a release, and why. */
export interface ReleaseFate {
  readonly id: string;
  readonly published: Date | undefined;
  /** `removed`: it was before, and its files go now. */
  readonly fate: 'kept' | 'pruned' | 'removed';
  readonly reason: 'active' | 'time unknown' | 'among the newest' | 'young' | 'old' | 'has no manifest';
}

/** How far pruning may go. */
export interface PruneLimits extends PruneRules {
  /** How many files may be deleted; 256 unless given. More is an error, and nothing is deleted. */
  readonly maxDelete?: number | undefined;
}

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
  /** If nothing must be deleted before that, since a run was given up that may still wake up: the plan is empty then. */
  readonly quietUntil?: Date;
}

/** What a plan comes to. */
export interface Pruned {
  readonly plan: PrunePlan;
  readonly deleted: FileAmount;
  /** Whether it is more than `maxDelete`: then only a dry run comes so far. */
  readonly tooMany: boolean;
}

/** Sums a plan up, and holds it against its limit. */
export function prunedBy(plan: PrunePlan, { maxDelete = MAX_DELETE }: PruneLimits): Pruned {
  const files = plan.files.length;
  const size = plan.files.reduce((sum, file) => sum + file.size, 0);
  return { plan, deleted: { files, size }, tooMany: files > maxDelete };
}

/** @throws StaticFilesError `target` where a plan deletes more than is allowed */
export function refuseTooMany(plan: PrunePlan, limits: PruneLimits): void {
  const { tooMany, deleted } = prunedBy(plan, limits);
  if (!tooMany) return;
  throw new StaticFilesError(
    'target',
    `Pruning would delete ${deleted.files} files, more than --max-delete allows (${limits.maxDelete ?? MAX_DELETE}). ` +
      `Nothing was changed. Look at them with --dry-run, then give --max-delete ${deleted.files}.`,
  );
}
