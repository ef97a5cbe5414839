import { describe, expect, it } from 'vitest';
import type { Contents } from '../../../src/storages/objects/contents.js';
import type { Head } from '../../../src/storages/objects/head-object.js';
import { answers, isIndexRight, type Look } from '../../../src/storages/objects/look.js';
import { quietTime, refuseInQuietTime } from '../../../src/storages/objects/quiet-time.js';

const HOUR = 60 * 60 * 1000;

function lookOf(contents: Partial<Contents>): Look {
  return { contents } as unknown as Look;
}

describe('what a run has found out under its hold is used again', () => {
  const byIndex = lookOf({ isListed: false, hasOthers: false });
  const byIndexOfSome = lookOf({ isListed: false, hasOthers: true });

  it('if the destination was listed', () => {
    for (const hasOthers of [true, false]) {
      const look = lookOf({ isListed: true, hasOthers });
      for (const options of [{}, { refresh: true }, { forDeletion: true }, { complete: true }])
        expect(answers(look, options)).toBe(true);
    }
  });

  it.each([
    [{}, true, true],
    [{ complete: true }, true, false],
    [{ refresh: true }, false, false],
    [{ forDeletion: true }, false, false],
    [{ refresh: false, forDeletion: false, complete: false }, true, true],
  ])('for %j, by an index of all objects: %j, of some: %j', (options, ofAll, ofSome) => {
    expect([answers(byIndex, options), answers(byIndexOfSome, options)]).toEqual([ofAll, ofSome]);
  });
});

describe('an index describes what is there', () => {
  const right = (contents: Partial<Contents>, index: string | null | undefined) =>
    isIndexRight(contents as Contents, index === undefined ? undefined : ({ index } as Head));

  it('only if the head names its version and nothing has changed', () => {
    expect(right({ indexVersion: 'v1', isChanged: false }, 'v1')).toBe(true);
    expect(right({ indexVersion: 'v1', isChanged: true }, 'v1')).toBe(false);
    expect(right({ indexVersion: 'v1', isChanged: false }, 'v2')).toBe(false);
    expect(right({ indexVersion: 'v1', isChanged: false }, null)).toBe(false);
    expect(right({ indexVersion: 'v1', isChanged: false }, undefined)).toBe(false);
    expect(right({ isChanged: false }, undefined)).toBe(false);
  });
});

describe('the quiet time', () => {
  const lost = '2030-01-02T03:04:05.678Z';
  const since = new Date(lost);
  const until = new Date(since.getTime() + HOUR);

  it('lasts an hour after a run was given up', () => {
    expect(quietTime({ lost, going: null }, since.getTime())).toEqual({ since, until });
    expect(quietTime({ lost, going: null }, until.getTime() - 1)).toEqual({ since, until });
    expect(quietTime({ lost, going: null }, until.getTime())).toBeUndefined();
    expect(quietTime({ lost: null, going: null }, 0)).toBeUndefined();
  });

  it('names the releases that the run was deleting', () => {
    expect(quietTime({ lost, going: ['v1'] }, since.getTime())).toEqual({ since, until, going: ['v1'] });
  });

  it('refuses deletions, and says until when', () => {
    expect(() => refuseInQuietTime('s3://bucket/', undefined)).not.toThrow();
    expect(() => refuseInQuietTime('s3://bucket/', { since, until })).toThrow(
      expect.objectContaining({
        code: 'target',
        message:
          "Nothing can be deleted from 's3://bucket/' before 2030-01-02T04:04:05.678Z: " +
          'a run there was given up, and may still wake up. Run again then.',
      }),
    );
  });
});
