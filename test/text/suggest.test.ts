import { describe, expect, it, test } from 'vitest';
import { nearestName, nearestNames, nearestPaths } from '../../src/text/suggest.js';

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

test.each(ASKED)('nearest to %j are %j', (asked, nearest) => {
  expect(nearestNames(asked, NAMES)).toEqual(nearest);
});

test('three names are returned, in an order that does not depend on the order given', () => {
  const names = ['d/index.js', 'b/index.js', 'c/index.js', 'a/index.js'];
  expect(nearestNames('x/index.js', names)).toEqual(['a/index.js', 'b/index.js', 'c/index.js']);
  expect(nearestNames('x/index.js', names.toReversed())).toEqual(['a/index.js', 'b/index.js', 'c/index.js']);
});

const known = ['staticRoot', 'staticUrl', 'mediaRoot', 'ignore'];

test.each([
  ['staticRot', 'staticRoot'],
  ['staticURL', 'staticUrl'],
  ['STATIC_ROOT', 'staticRoot'],
  ['MEDIA_ROOT', 'mediaRoot'],
  ['ignored', 'ignore'],
])('%s means %s', (given, meant) => {
  expect(nearestName(given, known)).toBe(meant);
});

test.each(['banana', 'outputDirectory'])('no name is near %s', (given) => {
  expect(nearestName(given, known)).toBeUndefined();
});

test('no name is near if none is known', () => {
  expect(nearestName('ignore', [])).toBeUndefined();
});

describe('nearest paths', () => {
  it.each<readonly [asked: string, nearest: readonly string[]]>([
    ['css/ap.css', ['css/app.css']],
    ['css/APP.css', ['css/app.css', 'css/apps.css']],
    ['csss/apps.css', ['css/apps.css', 'css/app.css']],
    ['app.css', ['css/app.css']],
    ['cssapp.css', ['css/app.css']],
    ['pic.png', ['v/sub/pic.png']],
    ['logo.png', ['img/logo.png', 'admin/img/logo.png']],
    ['img/lgoo.png', ['img/logo.png']],
    ['img/logo.pgn', ['img/logo.png']],
    ['img/logo.webp', ['img/logo.png']],
    ['readme', ['README']],
  ])('to %j are %j', (asked, nearest) => {
    expect(nearestPaths(asked, NAMES)).toEqual(nearest);
  });

  it.each([
    ['b.js', 'a.js'],
    ['js/app.css', 'js/app.js'],
    ['js/app.js', 'js/app.json'],
    ['x/index.js', 'menu/index.js'],
    ['icon-1.svg', 'icon-2.svg'],
    ['chunk.8d2f.js', 'chunk.91cf.js'],
    ['gone.png', 'icon.png'],
    ['app.js.map', 'app.js'],
    ['main.css', 'maps.css'],
    ['completely/different.txt', 'css/app.css'],
  ])('to %j do not include the unrelated %j', (asked, other) => {
    expect(nearestPaths(asked, [other])).toEqual([]);
  });
});
