import { describe, expect, test } from 'vitest';
import { logicalPathOf } from '../../src/model/logical-path.js';

const CDN = 'https://cdn.test/s/';

const UNDERSTOOD: readonly (readonly [name: string, staticUrl: string, logicalPath: string])[] = [
  ['css/app.css', '/static/', 'css/app.css'],
  ['./css//x/../app.css', '/static/', 'css/app.css'],
  ['static/app.css', '/static/', 'static/app.css'],
  ['a%20b.css?x#y', '/static/', 'a%20b.css?x#y'],
  ['c:d', '/static/', 'c:d'],
  ['new\nline', '/static/', 'new\nline'],
  ['css/', '/static/', 'css/'],
  ['..a/b', '/static/', '..a/b'],
  ['', '/static/', ''],
  ['.', '/static/', ''],
  ['./', '/static/', ''],
  ['/static/css/app.css', '/static/', 'css/app.css'],
  ['/static/css/app.css?x#y', '/static/', 'css/app.css'],
  ['/static/', '/static/', ''],
  ['/static/a%20b%23c%3F.css', '/static/', 'a b#c?.css'],
  ['/static/%C3%BC.css', '/static/', 'ü.css'],
  ['/static/ü b.css', '/static/', 'ü b.css'],
  ['/my%20static/a.css', '/my static/', 'a.css'],
  ['/static/x/../a.css', '/static/', 'a.css'],
  ['/app.css', '/', 'app.css'],
  ['/static/a.css', 'static/', 'a.css'],
  ['https://www.example.com/static/a.css?v=1', '/static/', 'a.css'],
  ['//www.example.com/static/a.css', '/static/', 'a.css'],
  ['https://cdn.test/s/css/app.css', CDN, 'css/app.css'],
  ['HTTP://CDN.test/s/css/app.css#f', CDN, 'css/app.css'],
  ['//cdn.test/s/css/app.css', CDN, 'css/app.css'],
  ['//cdn.test/s/css/app.css', '//cdn.test/s/', 'css/app.css'],
];

test.each(UNDERSTOOD)('%j with the staticUrl %j is %j', (name, staticUrl, logicalPath) => {
  expect(logicalPathOf(name, staticUrl)).toBe(logicalPath);
});

describe('a name is refused', () => {
  const REFUSED: readonly (readonly [name: string, staticUrl: string, words: string])[] = [
    ['../x', '/static/', "'../x' is outside of the static files"],
    ['..', '/static/', 'is outside of'],
    ['a/../../x', '/static/', 'is outside of'],
    ['/etc/passwd', '/static/', "'/etc/passwd' does not start with the staticUrl '/static/'"],
    ['/etc/passwd', CDN, 'does not start with'],
    ['/s/app.css', CDN, 'does not start with'],
    ['/staticfiles/app.css', '/static/', 'does not start with'],
    ['/static/../x', '/static/', 'does not start with'],
    ['/static/%2e%2e/x', '/static/', 'does not start with'],
    ['/static/..%2Fx', '/static/', 'is outside of'],
    ['/static//etc/passwd', '/static/', 'is outside of'],
    ['https://other.test/s/app.css', CDN, 'does not start with'],
    ['https://cdn.test.evil/s/app.css', CDN, 'does not start with'],
    ['http://[', '/static/', 'does not start with'],
    ['a\0b', '/static/', 'NUL'],
    ['/static/a%00b', '/static/', 'NUL'],
    ['/static/100%.css', '/static/', 'Write it as %25'],
    ['/static/%ff', '/static/', 'Write it as %25'],
  ];
  test.each(REFUSED)('%j with the staticUrl %j', (name, staticUrl, words) => {
    expect(() => logicalPathOf(name, staticUrl)).toThrow(
      expect.objectContaining({ code: 'usage', message: expect.stringContaining(words) }),
    );
  });
});
