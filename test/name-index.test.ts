import { expect, it } from 'vitest';
import { indexNames } from '../src/cache/record.js';

it('finds names in the order of the list, again, backwards, and not at all', () => {
  const indexOf = indexNames(['a', 'b', 'c']);
  expect(['a', 'a', 'b', 'c', 'c', 'a', 'b', 'x', 'c', 'x', 'a'].map(indexOf)).toEqual([
    0,
    0,
    1,
    2,
    2,
    0,
    1,
    undefined,
    2,
    undefined,
    0,
  ]);
  expect(indexNames([])('a')).toBeUndefined();
});
