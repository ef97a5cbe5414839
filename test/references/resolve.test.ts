import { describe, expect, it } from 'vitest';
import { createResolver } from '../../src/references/resolve.js';

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
    ['/', 'css/a.css', '../a.png', 'a.png'],
    ['/', 'css/a.css', '../../../a.png', 'a.png'],
  ])('under %s, %s: %s is %s', (staticUrl, from, url, logicalPath) => {
    expect(createResolver(staticUrl)(url, from)).toEqual({ logicalPath });
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
    ['https://cdn.test/', '/a.png', 'outside-static-url'],
    ['https://cdn.test/s/', 'https://cdn.test/a.png', 'outside-static-url'],
    ['/static/', '/media/a.png', 'outside-static-url'],
    ['/static/', '/staticky/a.png', 'outside-static-url'],
    ['/static/', '../../etc/x.png', 'outside-static-url'],
    ['/', '/a.png', 'outside-static-url'],
    ['/static/', 'img/', 'folder'],
    ['/static/', './', 'folder'],
    ['/static/', '.', 'folder'],
    ['/static/', '..', 'folder'],
  ])('under %s, %s is left alone: %s', (staticUrl, url, leftAlone) => {
    expect(createResolver(staticUrl)(url, 'css/app.css')).toEqual({ leftAlone });
  });
});
