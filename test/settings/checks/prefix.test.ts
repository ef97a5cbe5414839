import { expect, it } from 'vitest';
import { checkPrefix } from '../../../src/settings/checks/urls.js';

it.each(['', 'vendor', 'v/sub', 'v 1', '..v', '.v', 'v..'])('accepts %j', (prefix) => {
  expect(checkPrefix(prefix, 'staticfilesDirs[0]')).toEqual([]);
});

it.each([
  ['p/', 'E003', "the prefix 'p/' must not end with a slash."],
  ['/', 'E003', 'must not end with a slash'],
  ['/p', 'E008', 'must not begin with a slash'],
  ['..', 'E008', "must not contain '..'"],
  ['a/../b', 'E008', "must not contain '..'"],
  ['a//b', 'E008', 'must not have empty parts'],
  ['./a', 'E008', "'.' between its slashes"],
  ['a\\b', 'E008', 'must not contain a backslash'],
  ['a\0b', 'E008', 'NUL'],
])('refuses %j with %s', (prefix, code, words) => {
  const problems = checkPrefix(prefix, 'staticfilesDirs[0]');
  expect(problems).toEqual([{ code, key: 'staticfilesDirs[0]', message: expect.stringContaining(words) }]);
});
