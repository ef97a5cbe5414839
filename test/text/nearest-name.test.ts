import { expect, it } from 'vitest';
import { nearestName } from '../../src/text/suggest.js';

const known = ['staticRoot', 'staticUrl', 'mediaRoot', 'ignore'];

it.each([
  ['staticRot', 'staticRoot'],
  ['staticURL', 'staticUrl'],
  ['STATIC_ROOT', 'staticRoot'],
  ['MEDIA_ROOT', 'mediaRoot'],
  ['ignored', 'ignore'],
])('takes %s for %s', (given, meant) => {
  expect(nearestName(given, known)).toBe(meant);
});

it.each(['banana', 'outputDirectory'])('finds nothing near %s', (given) => {
  expect(nearestName(given, known)).toBeUndefined();
});

it('finds nothing among no names', () => {
  expect(nearestName('ignore', [])).toBeUndefined();
});
