import { expect, it } from 'vitest';
import { nearestName } from '../../src/text/suggest.js';

const known = ['staticRoot', 'staticUrl', 'mediaRoot', 'ignore'];

it.each([
  ['staticRot', 'staticRoot'],
  ['staticURL', 'staticUrl'],
  ['STATIC_ROOT', 'staticRoot'],
  ['MEDIA_ROOT', 'mediaRoot'],
  ['ignored', 'ignore'],
])('takes %s for %s', async (given, meant) => {
  expect(await nearestName(given, known)).toBe(meant);
});

it.each(['banana', 'outputDirectory'])('finds nothing near %s', async (given) => {
  expect(await nearestName(given, known)).toBeUndefined();
});

it('finds nothing among no names', async () => {
  expect(await nearestName('ignore', [])).toBeUndefined();
});
