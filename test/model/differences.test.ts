import { expect, it } from 'vitest';
import { differences } from '../../src/model/differences.js';

const list = (names: string) => [...names];

it.each([
  ['nothing', 'abc', 'abc', '', ''],
  ['a replaced item', 'abc', 'aXc', 'b', 'X'],
  ['an item that came', 'abc', 'abXc', '', 'X'],
  ['an item that went', 'abc', 'ac', 'b', ''],
  ['one that went, and another that came later', 'abcdef', 'acdeXf', 'b', 'X'],
  ['everything', 'abc', 'xyz', 'abc', 'xyz'],
  ['a list that was empty', '', 'ab', '', 'ab'],
  ['a list that is empty', 'ab', '', 'ab', ''],
])('%s', (_, before, now, removed, added) => {
  expect(differences(list(before), list(now))).toEqual({ removed: list(removed), added: list(added) });
});

it('items that have moved far are removed and added, and no other item is lost', () => {
  const before = Array.from({ length: 300 }, (_, index) => index);
  const now = [...before.slice(150), 1000, ...before.slice(0, 150)];
  const { removed, added } = differences(before, now);
  const kept = new Set(before.filter((item) => !removed.includes(item)));
  expect([...kept, ...added].sort((a, b) => a - b)).toEqual([...now].sort((a, b) => a - b));
});
