import { expect, test } from 'vitest';
import { nearestNames } from '../../src/text/suggest.js';

const NAMES = [
  'css/app.css',
  'css/apps.css',
  'js/app.js',
  'img/logo.png',
  'admin/img/logo.png',
  'v/sub/pic.png',
  'README',
];

const ASKED: readonly (readonly [asked: string, nearest: readonly string[]])[] = [
  ['css/ap.css', ['css/app.css', 'css/apps.css']],
  ['css/APP.css', ['css/app.css', 'css/apps.css', 'js/app.js']],
  ['csss/apps.css', ['css/apps.css', 'css/app.css']],
  ['app.css', ['css/app.css', 'css/apps.css', 'js/app.js']],
  ['pic.png', ['v/sub/pic.png']],
  ['logo.png', ['img/logo.png', 'admin/img/logo.png']],
  ['cssapp.css', ['css/app.css', 'css/apps.css']],
  ['readme', ['README']],
  ['completely/different.txt', []],
];

test.each(ASKED)('to %j, %j come nearest', (asked, nearest) => {
  expect(nearestNames(asked, NAMES)).toEqual(nearest);
});

test('three are enough, and their order does not hang on that of the names', () => {
  const names = ['d/index.js', 'b/index.js', 'c/index.js', 'a/index.js'];
  expect(nearestNames('x/index.js', names)).toEqual(['a/index.js', 'b/index.js', 'c/index.js']);
  expect(nearestNames('x/index.js', names.toReversed())).toEqual(['a/index.js', 'b/index.js', 'c/index.js']);
});
