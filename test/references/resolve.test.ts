import { describe, expect, it } from 'vitest';
import { createResolver, similarUrl } from '../../src/references/resolve.js';

describe('createResolver', () => {
  it.each([
    ['/static/', 'css/app.css', '../img/a.png', 'img/a.png'],
    ['/static/', 'css/app.css', './../img/./a.png?v=1#x', 'img/a.png'],
    ['/static/', 'css/app.css', 'b.css', 'css/b.css'],
    ['/static/', 'app.css', 'img/a%20b%C3%BC.png', 'img/a bü.png'],
    ['/static/', 'css/app.css', '%2e%2e/a.png', 'a.png'],
    ['/static/', 'css/app.css', '..\\img\\a.png', 'img/a.png'],
    ['/static/', 'css/app.css', '/static/img/a.png', 'img/a.png'],
    ['/static/', 'css/app.css', '/static/css/../img/a.png', 'img/a.png'],
    ['/static/', 'css/app.css', '../../static/img/a.png', 'img/a.png'],
    ['/static/', 'a.css', 'a%.png', 'a%.png'],
    ['/static/', 'a.css', '/static//img/a.png', '/img/a.png'],
    ['https://cdn.test/s/', 'a.css', 'https://cdn.test/s/a.png', 'a.png'],
    ['https://cdn.test/s/', 'a.css', 'HTTPS://CDN.test/s/a.png', 'a.png'],
    ['https://cdn.test/s/', 'a.css', '//cdn.test/s/a.png', 'a.png'],
    ['https://cdn.test/s/', 'a.css', '/s/a.png', 'a.png'],
    ['https://cdn.test/', 'a.css', 'https://cdn.test/a.png', 'a.png'],
    ['//cdn.test/s/', 'a.css', '//cdn.test/s/a.png', 'a.png'],
    ['//cdn.test/s/', 'a.css', 'https://cdn.test/s/a.png', 'a.png'],
    ['//cdn.test/s/', 'a.css', 'HTTP://CDN.test/s/a.png', 'a.png'],
    ['//cdn.test/s/', 'a.css', '/s/a.png', 'a.png'],
    ['/', 'css/a.css', '../a.png', 'a.png'],
    ['/', 'css/a.css', '../../../a.png', 'a.png'],
  ])('under %s, %s: %s is %s', (staticUrl, from, url, logicalPath) => {
    expect(createResolver(staticUrl)(url, from)).toEqual({ logicalPath });
  });

  it.each([
    ['/', '/img/a.png', 'img/a.png'],
    ['/', '/img/../a%20b.png?v=1', 'a b.png'],
    ['https://cdn.test/', '/a.png', 'a.png'],
    ['//cdn.test/', '/a.png', 'a.png'],
  ])('under the root %s, %s may also be served by the application', (staticUrl, url, logicalPath) => {
    expect(createResolver(staticUrl)(url, 'css/app.css')).toEqual({ logicalPath, isShared: true });
  });

  it.each([
    ['/static/', '', 'empty'],
    ['/static/', '#default#VML', 'fragment'],
    ['/static/', '?x', 'fragment'],
    ['/static/', 'about:blank', 'scheme'],
    ['/static/', 'DATA:image/png,x', 'scheme'],
    ['/static/', 'ms-appx:///a.png', 'scheme'],
    ['/static/', 'http://x.test/a.png', 'scheme'],
    ['/static/', '//x.test/a.png', 'other-host'],
    ['https://cdn.test/s/', 'https://x.test/s/a.png', 'other-host'],
    ['https://cdn.test/s/', 'http://cdn.test/s/a.png', 'scheme'],
    ['https://cdn.test/', '/', 'outside-static-url'],
    ['//cdn.test/s/', 'https://x.test/s/a.png', 'scheme'],
    ['//cdn.test/s/', 'ftp://cdn.test/s/a.png', 'scheme'],
    ['//cdn.test/s/', 'https:/s/a.png', 'scheme'],
    ['https://cdn.test/s/', 'https://cdn.test/a.png', 'outside-static-url'],
    ['/static/', '/media/a.png', 'outside-static-url'],
    ['/static/', '/staticky/a.png', 'outside-static-url'],
    ['/static/', '../../etc/x.png', 'outside-static-url'],
    ['/', '/', 'outside-static-url'],
    ['/', '/about/', 'outside-static-url'],
  ])('under %s, %s is left alone: %s', (staticUrl, url, leftAlone) => {
    expect(createResolver(staticUrl)(url, 'css/app.css')).toEqual({ leftAlone });
  });

  it.each([
    ['img/', 'css/img'],
    ['./', 'css'],
    ['.', 'css'],
    ['..', ''],
    ['/static/', ''],
  ])('%s is the folder %j', (url, folder) => {
    expect(createResolver('/static/')(url, 'css/app.css')).toEqual({ leftAlone: 'folder', folder });
  });
});

describe('similarUrl', () => {
  it.each([
    ['css/app.css', '../img/papr.svg', 'img/papr.svg', 'img/paper.svg', '../img/paper.svg'],
    ['app.css', 'img/papr.svg?v=1', 'img/papr.svg', 'img/paper.svg', 'img/paper.svg'],
    ['img/app.css', 'papr.svg', 'img/papr.svg', 'img/paper.svg', 'paper.svg'],
    ['img/app.css', 'papr.svg', 'img/papr.svg', 'paper.svg', '../paper.svg'],
    ['js/app.js', './papr.js', 'js/papr.js', 'js/paper.js', './paper.js'],
    ['js/app.js', './papr.js', 'js/papr.js', 'paper.js', '../paper.js'],
    ['js/app.js', '../p%61pr.js', 'papr.js', 'js/paper.js', './paper.js'],
    ['js/app.js', './.../a.js', 'js/.../a.js', 'js/.../b.js', './.../b.js'],
    ['app.js', './papr.js', 'papr.js', 'paper.js', './paper.js'],
    ['css/app.css', '/static/img/papr.svg', 'img/papr.svg', 'img/paper.svg', '/static/img/paper.svg'],
    ['css/app.css', '/static//img/paper.svg', '/img/paper.svg', 'img/paper.svg', '/static/img/paper.svg'],
    ['a.css', 'https://cdn.test/s/papr.svg#x', 'papr.svg', 'paper.svg', 'https://cdn.test/s/paper.svg'],
    ['css/app.css', '/static/img/p%61pr.svg', 'img/papr.svg', 'img/paper.svg', '../img/paper.svg'],
    ['a.css', 'my%20papr.svg', 'my papr.svg', 'my paper?.svg', 'my%20paper%3F.svg'],
  ])('in %s, %s becomes a URL for the other file', (from, url, missing, other, expected) => {
    expect(similarUrl(url, missing, other, from)).toBe(expected);
    const staticUrl = url.startsWith('https:') ? 'https://cdn.test/s/' : '/static/';
    const resolve = createResolver(staticUrl);
    expect([resolve(url, from), resolve(expected, from)]).toEqual([
      { logicalPath: missing },
      { logicalPath: other },
    ]);
  });
});
