import { expect, test } from 'vitest';
import { assertPublishable, foldersOf, isInOneOf, publicUrl } from '../../src/model/public-path.js';

test.each(['', '.', '..', '/a', 'a/', 'a//b', 'a/../b', './a', 'a\0b'])(
  'the path %j is refused',
  (publicPath) => {
    expect(() => assertPublishable(publicPath, 'filesystem')).toThrow(
      expect.objectContaining({ code: 'target' }),
    );
  },
);

test.each(['a', '.well-known/a', 'a/..b', '...', 'a b/é.css'])('the path %j is accepted', (publicPath) => {
  expect(() => assertPublishable(publicPath, 'filesystem')).not.toThrow();
});

test('a URL is escaped as browsers escape it', () => {
  expect(publicUrl('/static/', 'img/a b?#@2x é.png')).toBe('/static/img/a%20b%3F%23@2x%20%C3%A9.png');
});

test('the folders of paths have the first item in them', () => {
  expect([...foldersOf(['a/b/c', 'a/b/d', 'a/e', 'f'], (each) => each)]).toEqual([
    ['a/b', 'a/b/c'],
    ['a', 'a/b/c'],
  ]);
});

test('a path is in a folder at any depth', () => {
  const folders = new Set(['a']);
  expect(['a/b', 'a/b/c', 'a', 'ab/c'].map((each) => isInOneOf(each, folders))).toEqual([
    true,
    true,
    false,
    false,
  ]);
});
