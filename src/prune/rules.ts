import { StaticFilesError } from '../errors.js';
import { MAX_DELETE } from '../pipeline/options.js';
import type { FileAmount } from '../releases/list.js';
import type { StoredReleases } from '../releases/read.js';

/** Which releases stay, besides the active one. Default: the newest three, and all of the last seven days. */
export interface PruneRules {
  /** Number of releases that stay, the last published ones. */
  readonly keep?: number | undefined;
  /** Minimum age of a release to be deleted, in milliseconds. */
  readonly olderThan?: number | undefined;
}

/** Rules of pruning, and how far it may go. */
export interface PruneLimits extends PruneRules {
  /** How many files may be deleted (default: 256). More is an error, and nothing is deleted. */
  readonly maxDelete?: number | undefined;
}

/** What pruning will do. */
export interface PrunePlan {
  readonly releases: readonly ReleaseFate[];
  /** The files that are deleted. */
  readonly files: readonly PrunedFile[];
  /** The files that are unused, but stay. */
  readonly spared: readonly SparedFile[];
  /**
   * Time until which nothing may be deleted, since a run stopped responding and may still wake up. The plan is empty
   * then.
   */
  readonly quietUntil?: Date;
}

/** What happens to a release, and why. */
export interface ReleaseFate {
  readonly id: string;
  /** `undefined` if its time is unknown. */
  readonly published: Date | undefined;
  /** `removed`: its manifest was deleted before, its files are deleted now. */
  readonly fate: 'kept' | 'pruned' | 'removed';
  readonly reason: 'active' | 'time unknown' | 'among the newest' | 'young' | 'old' | 'has no manifest';
}

/** A file that pruning deletes. */
export interface PrunedFile {
  readonly publicPath: string;
  /** Bytes. */
  readonly size: number;
  /** `release 'v40' is pruned` */
  readonly reason: string;
}

/** An unused file that pruning does not delete. */
export interface SparedFile {
  readonly publicPath: string;
  /** `other bytes`: it has changed since it was published. `not comparable`: that is unknown. */
  readonly reason: 'other bytes' | 'not comparable';
}

/** A plan, and the sum of what it deletes. */
export interface Pruned {
  readonly plan: PrunePlan;
  readonly deleted: FileAmount;
  /** Whether that is more than `maxDelete`; `true` only in a dry run, since it is an error otherwise. */
  readonly tooMany: boolean;
}

/** Decides on each release. Removed ones come last. */
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

const DEFAULT_KEEP = 3;

const DEFAULT_AGE = 7 * 24 * 60 * 60 * 1000;

interface CompleteRules {
  readonly keep: number;
  readonly olderThan: number;
  /** Minimum age of unused files of runs without a release. `keep` does not apply to them: they have no order. */
  readonly unusedFor: number;
}

/** The rules with their defaults. If only one of the two is given, the other one sets no limit. */
export function completeRules({ keep, olderThan }: PruneRules): CompleteRules {
  const neither = keep === undefined && olderThan === undefined;
  return {
    keep: keep ?? (neither ? DEFAULT_KEEP : 0),
    olderThan: olderThan ?? (neither ? DEFAULT_AGE : 0),
    unusedFor: olderThan ?? DEFAULT_AGE,
  };
}

/** Sums up what a plan deletes, and compares it with the limit. */
export function prunedBy(plan: PrunePlan, { maxDelete = MAX_DELETE }: PruneLimits): Pruned {
  const files = plan.files.length;
  const size = plan.files.reduce((sum, file) => sum + file.size, 0);
  return { plan, deleted: { files, size }, tooMany: files > maxDelete };
}

/** @throws StaticFilesError `target` if a plan deletes more files than the limit allows */
export function refuseTooMany(plan: PrunePlan, limits: PruneLimits): void {
  const { tooMany, deleted } = prunedBy(plan, limits);
  if (!tooMany) return;
  throw new StaticFilesError(
    'target',
    `Pruning would delete ${deleted.files} files, more than --max-delete allows (${limits.maxDelete ?? MAX_DELETE}). ` +
      `Nothing was changed. Check the files with --dry-run, then use --max-delete ${deleted.files}.`,
  );
}
