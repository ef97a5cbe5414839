import { expect, it } from 'vitest';
import { foldName } from '../../src/files/name-folding.js';
import { findCollisions } from '../../src/model/collisions.js';

const IGNORING = { ignoresCase: true, ignoresForm: true };

function collisionsOf(paths: readonly string[], rules = IGNORING) {
  const found = findCollisions(
    paths,
    (path) => path,
    (path) => foldName(path, rules),
  );
  return found.map(({ paths: [a, b], items: [one, other] }) => [a, b, one, other]);
}

it.each([
  [['a', 'A'], [['a', 'A', 'a', 'A']]],
  [['A', 'a'], [['A', 'a', 'A', 'a']]],
  [['X/a', 'x/b', 'x/c'], [['X', 'x', 'X/a', 'x/b']]],
  [['X/Y/a', 'X/y/a', 'X/Y/b'], [['X/Y', 'X/y', 'X/Y/a', 'X/y/a']]],
  [['X', 'x/y'], [['X', 'x', 'X', 'x/y']]],
  [['x/y', 'X'], [['x', 'X', 'x/y', 'X']]],
  [
    ['a', 'A', 'b', 'B'],
    [
      ['a', 'A', 'a', 'A'],
      ['b', 'B', 'b', 'B'],
    ],
  ],
  [['README', 'X/a', 'X/b', 'x.js'], []],
])('the names that collide in %j are found', (paths, collisions) => {
  expect(collisionsOf(paths)).toEqual(collisions);
});

it.each([
  ['stra\u00dfe', 'STRASSE'],
  ['\u1e9e', '\u00df'],
  ['K', '\u212a'],
  ['\u03c3', '\u03c2'],
  ['\u00e9', 'E\u0301'],
])('%s and %s collide', (a, b) => {
  expect(collisionsOf([a, b])).toHaveLength(1);
});

it('without a rule, only equal names are the same', () => {
  expect(collisionsOf(['a', 'A'], { ignoresCase: false, ignoresForm: true })).toEqual([]);
  expect(collisionsOf(['\u00e9', 'e\u0301'], { ignoresCase: true, ignoresForm: false })).toEqual([]);
  expect(collisionsOf(['\u00e9', 'e\u0301'], { ignoresCase: false, ignoresForm: true })).toHaveLength(1);
});
