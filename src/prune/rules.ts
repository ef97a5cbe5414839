import type { StoredReleases } from '../releases/stored-releases.js';
import type { PruneRules, ReleaseFate } from './pruning.js';

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
