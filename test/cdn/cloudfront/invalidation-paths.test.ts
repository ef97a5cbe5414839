import { describe, expect, it } from 'vitest';
import { invalidationPaths } from '../../../src/cdn/cloudfront/invalidation-paths.js';

function paths(publicPaths: readonly string[], maxPaths = 100) {
  return invalidationPaths(publicPaths, { basePath: '/static/', maxPaths });
}

function numbered(count: number, pathOf: (number: number) => string): string[] {
  return Array.from({ length: count }, (_, number) => pathOf(number));
}

it.each([
  ['css/app.css.gz', '/static/css/app.css.gz'],
  ['a b/ü.css', '/static/a%20b/%C3%BC.css'],
  ['50%.css', '/static/50%25.css'],
  ['a?b#c.css', '/static/a%3Fb%23c.css'],
  ['[x]{y}|^`"<>\\.css', '/static/%5Bx%5D%7By%7D%7C%5E%60%22%3C%3E%5C.css'],
  ["@1,2;a=b&c+d$e!(f)'.css", "/static/@1,2;a=b&c+d$e!(f)'.css"],
  ['js/runtime~main.js', '/static/js/runtime*'],
  ['js/a*b.js', '/static/js/a*'],
])('escapes %s', (publicPath, path) => {
  expect(paths([publicPath])).toEqual([path]);
});

it('has no duplicates', () => {
  expect(paths(['js/vendors~a.js', 'js/vendors~b.js', 'a.css'])).toEqual([
    '/static/a.css',
    '/static/js/vendors*',
  ]);
});

describe('too many files', () => {
  it('become wildcards for their folders, the deepest ones first', () => {
    const deep = numbered(5, (number) => `js/lib/deep/${number}.js`);
    expect(paths(['app.css', 'js/a.js', 'js/b.js', ...deep], 4)).toEqual([
      '/static/app.css',
      '/static/js/a.js',
      '/static/js/b.js',
      '/static/js/lib/deep/*',
    ]);
    expect(paths(['app.css', 'js/a.js', 'js/b.js', ...deep], 3)).toEqual(['/static/app.css', '/static/js/*']);
  });

  it('keep the path of a file that is alone in its folder', () => {
    expect(paths([...numbered(5, (number) => `css/${number}.css`), 'img/a b.png'], 2)).toEqual([
      '/static/css/*',
      '/static/img/a%20b.png',
    ]);
  });

  it('become one wildcard if there are too many folders', () => {
    const inFolders = numbered(40, (number) => `${number % 20}/${number}.css`);
    expect(paths(inFolders, 30)).toEqual(['/static/*']);
    expect(paths(inFolders, 40)).toHaveLength(40);
  });

  it('become one wildcard if they are in no folder', () => {
    expect(
      paths(
        numbered(5, (number) => `${number}.css`),
        4,
      ),
    ).toEqual(['/static/*']);
  });

  it('are all below one of the paths', () => {
    const all = numbered(3000, (number) => `${number % 3}/${number % 11}/${number % 101}/${number}.css`);
    const result = paths(all, 50);
    expect(result).toEqual(['/static/0/*', '/static/1/*', '/static/2/*']);
  });
});
