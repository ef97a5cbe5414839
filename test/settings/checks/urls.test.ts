import { describe, expect, it } from 'vitest';
import { checkUrls } from '../../../src/settings/checks/urls.js';

const subject = 'The staticUrl setting';

describe('staticUrl', () => {
  it.each([
    '/',
    '/static/',
    '/a/b/',
    'https://cdn.example.com/',
    'http://localhost:8000/static/',
    'HTTPS://cdn.example.com/s/',
    '//cdn.example.com/static/',
  ])('may be %s', (url) => {
    expect(checkUrls(url, undefined, subject)).toEqual([]);
  });

  it.each([
    ['static', "Write '/static/'."],
    ['static/', "Write '/static/'."],
    ['/static', "Write '/static/'."],
    ['https://cdn.example.com/s', "Write 'https://cdn.example.com/s/'."],
    ['https://cdn.example.com', "Write 'https://cdn.example.com/'."],
    ['/static/?v=1', undefined],
    ['/static/#x/', undefined],
    ['/sta tic/', undefined],
    ['\\static\\', undefined],
    ['//', undefined],
    ['https:///static/', undefined],
    ['https://a b/', undefined],
    ['http://[/', undefined],
  ])('must not be %s', (url, hint) => {
    const [message, ...more] = checkUrls(url, undefined, subject);
    expect(more).toEqual([]);
    expect(message).toMatchObject({ code: 'E010', message: expect.stringContaining(`it is '${url}'`) });
    expect(message?.hint).toBe(hint);
  });

  it.each(['ftp://example.com/', 'javascript:/'])('must not have another scheme, as %s', (url) => {
    expect(checkUrls(url, undefined, subject)).toMatchObject([{ code: 'E010' }]);
  });
});

describe('mediaUrl', () => {
  it.each(['/static/', '/static'])('must not be the staticUrl, as %s', (mediaUrl) => {
    expect(checkUrls('/static/', mediaUrl, subject)).toEqual([
      { code: 'E011', message: 'The mediaUrl setting must differ from the staticUrl setting.' },
    ]);
  });

  it('may be another', () => {
    expect(checkUrls('/static/', '/media/', subject)).toEqual([]);
  });
});
