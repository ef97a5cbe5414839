import { describe, expect, it } from 'vitest';
import {
  completeRules,
  type PruneRules,
  prunedBy,
  refuseTooMany,
  releaseFates,
} from '../../src/prune/rules.js';
import type { StoredReleases } from '../../src/releases/read.js';

const DAY = 24 * 60 * 60 * 1000;
const NOW = new Date(100 * DAY);

/** Releases that were published that many days ago; `undefined` is an unknown time. */
function fates(ages: readonly (number | undefined)[], rules: PruneRules, active?: string): string[] {
  const stored = {
    active: active === undefined ? undefined : { manifest: { release: active } },
    releases: ages.map((age, index) => ({
      id: `r${index}`,
      published: age === undefined ? undefined : new Date(NOW.getTime() - age * DAY),
    })),
    removed: [{ id: 'gone' }],
  } as unknown as StoredReleases;
  return releaseFates(stored, rules, NOW).map(({ id, fate, reason }) => `${id} ${fate} (${reason})`);
}

describe('a release', () => {
  it.each<[string, readonly (number | undefined)[], PruneRules, string | undefined]>([
    ['r0 kept (active)', [50], { keep: 0 }, 'r0'],
    ['r0 kept (time unknown)', [undefined], { keep: 0 }, undefined],
    ['r0 kept (among the newest)', [50], { keep: 1 }, undefined],
    ['r0 pruned (old)', [50], { keep: 0 }, undefined],
    ['r0 kept (young)', [4.999], { olderThan: 5 * DAY }, undefined],
    ['r0 pruned (old)', [5], { olderThan: 5 * DAY }, undefined],
    ['r0 kept (among the newest)', [50], { keep: 1, olderThan: DAY }, undefined],
    ['r0 kept (young)', [1], { keep: 0, olderThan: 2 * DAY }, undefined],
  ])('is %s: %j days old, with %j', (expected, ages, rules, active) => {
    expect(fates(ages, rules, active)[0]).toBe(expected);
  });

  it('is kept by default if it is one of the newest three, or of the last seven days', () => {
    expect(fates([20, 30, 40, 6.9, 7], {})).toEqual([
      ...['r0', 'r1', 'r2'].map((id) => `${id} kept (among the newest)`),
      'r3 kept (young)',
      'r4 pruned (old)',
      'gone removed (has no manifest)',
    ]);
  });
});

it('unused files of runs without a release wait for a week, unless an age is given', () => {
  expect(completeRules({}).unusedFor).toBe(7 * DAY);
  expect(completeRules({ keep: 0 }).unusedFor).toBe(7 * DAY);
  expect(completeRules({ olderThan: 0 }).unusedFor).toBe(0);
});

describe('the limit', () => {
  const planOf = (count: number) => ({
    releases: [],
    files: Array.from({ length: count }, (_, i) => ({ publicPath: `${i}`, size: 2, reason: '' })),
    spared: [],
  });

  it('is the number of files that may be deleted', () => {
    expect(prunedBy(planOf(3), { maxDelete: 3 })).toMatchObject({
      deleted: { files: 3, size: 6 },
      tooMany: false,
    });
    expect(prunedBy(planOf(3), { maxDelete: 2 }).tooMany).toBe(true);
    expect(() => refuseTooMany(planOf(3), { maxDelete: 3 })).not.toThrow();
    expect(() => refuseTooMany(planOf(3), { maxDelete: 2 })).toThrow(
      'Pruning would delete 3 files, more than --max-delete allows (2). Nothing was changed. ' +
        'Check the files with --dry-run, then use --max-delete 3.',
    );
  });

  it('is 256 by default', () => {
    expect(prunedBy(planOf(256), {}).tooMany).toBe(false);
    expect(() => refuseTooMany(planOf(257), {})).toThrow('allows (256)');
  });
});
