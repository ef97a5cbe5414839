import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseRange } from '../../../src/serve/http/ranges.js';

describe('parseRange', () => {
  test.each([
    ['bytes=0-0', [[0, 0]]],
    ['bytes=0-', [[0, 9]]],
    ['bytes=-3', [[7, 9]]],
    ['bytes=-30', [[0, 9]]],
    ['bytes=8-20', [[8, 9]]],
    [
      'bytes= 1-2 , 4-5 ',
      [
        [1, 2],
        [4, 5],
      ],
    ],
    [
      'bytes=4-5,1-2',
      [
        [4, 5],
        [1, 2],
      ],
    ],
    [
      'bytes=1-2,,4-5',
      [
        [1, 2],
        [4, 5],
      ],
    ],
    ['bytes=1-2,3-5', [[1, 5]]],
    ['bytes=5-8,1-6', [[1, 8]]],
    ['bytes=1-2,20-30', [[1, 2]]],
    ['bytes=10-', []],
    ['bytes=20-30,40-', []],
    ['bytes=-0', []],
    ['BYTES=1-2', [[1, 2]]],
    ['bytes=10-10', []],
    ['bytes=9-9,10-10', [[9, 9]]],
    [`bytes=${'0-0,'.repeat(31)}0-0`, [[0, 0]]],
  ])('reads %s', (header, ranges) => {
    expect(parseRange(header, 10)).toEqual(ranges.map(([start, end]) => ({ start, end })));
  });

  test.each([
    'bytes',
    'bytes=',
    'bytes=,',
    'bytes=-',
    'bytes=a-b',
    'bytes=1',
    'bytes=2-1',
    'bytes=0-1,2-1',
    'bytes=1-2-3',
    'bytes=+1-2',
    'bytes=1.5-2',
    'bytes: 0-1',
    'lines=0-1',
    'x-bytes=0-1',
    'bytes=0-1\n-',
    `bytes=${'0-0,'.repeat(32)}0-0`,
    `bytes=${'0-0,'.repeat(40)}5-6`,
  ])('ignores %s', (header) => {
    expect(parseRange(header, 10)).toBeUndefined();
  });

  test('all ranges are inside of the file and do not touch', () => {
    const part = fc.oneof(
      fc.tuple(fc.nat(120), fc.nat(120)).map(([a, b]) => `${Math.min(a, b)}-${Math.max(a, b)}`),
      fc.nat(120).map((first) => `${first}-`),
      fc.nat(120).map((last) => `-${last}`),
    );
    const header = fc.array(part, { minLength: 1, maxLength: 12 }).map((parts) => `bytes=${parts.join(',')}`);
    fc.assert(
      fc.property(header, fc.nat(100), (range, size) => {
        const sorted = [...(parseRange(range, size) ?? [])].sort((a, b) => a.start - b.start);
        let last = -2;
        for (const { start, end } of sorted) {
          expect(start).toBeGreaterThan(last + 1);
          expect(end).toBeGreaterThanOrEqual(start);
          last = end;
        }
        expect(last).toBeLessThan(size);
      }),
    );
  });
});
