import { describe, expect, test } from 'vitest';
import { decodePath, targetPath } from '../../../src/serve/http/request-path.js';

describe('targetPath', () => {
  test.each([
    ['/a/b', '/a/b'],
    ['/a?b=/c', '/a'],
    ['/a#b', '/a'],
    ['http://host/a?b', '/a'],
    ['HTTPS://user@host:80/a', '/a'],
    ['http://host', ''],
    ['http://host/a/', '/a/'],
    ['x-http://host/a', 'x-http://host/a'],
    ['*', '*'],
    ['', ''],
    ['//host/a', '//host/a'],
    ['/http://host/a', '/http://host/a'],
  ])('of %s is %s', (target, path) => {
    expect(targetPath(target)).toBe(path);
  });
});

describe('decodePath', () => {
  test.each([
    ['css/a.css', 'css/a.css'],
    ['', ''],
    ['a/', 'a/'],
    ['a%20b', 'a b'],
    ['%E2%82%AC', '€'],
    ['...', '...'],
    ['a..b/..c/d..', 'a..b/..c/d..'],
    ['.well-known/x', '.well-known/x'],
    ['100%25', '100%'],
    ['%252e', '%2e'],
  ])('%s is %s', (escaped, path) => {
    expect(decodePath(escaped)).toEqual({ path });
  });

  test.each(['%', '%2', '%zz', 'a%', '%ff', '%c0%ae', '%ed%a0%80'])('%s is malformed', (escaped) => {
    expect(decodePath(escaped)).toEqual({ malformed: true });
  });

  test.each([
    '..',
    '.',
    '../a',
    'a/..',
    'a/../b',
    'a/./b',
    'a/.',
    './a',
    '/a',
    'a//b',
    '//',
    '%2e%2e/a',
    'a/%2E',
    'a%2fb',
    'a%2Fb',
    '..%2fa',
    'a%00',
    'a%5cb',
    'a\\b',
  ])('%s cannot be a file', (escaped) => {
    expect(decodePath(escaped)).toEqual({ impossible: true });
  });
});
