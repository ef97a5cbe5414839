import { describe, expect, it } from 'vitest';
import { checkUrls } from '../../../src/settings/checks/urls.js';

describe('staticUrl', () => {
  it.each([
    '/',
    '/static/',
    '/a/b/',
    'https://cdn.example.com/',
    'http://localhost:8000/static/',
    'HTTPS://cdn.example.com/s/',
    '//cdn.example.com/static/',
    'static/',
    'v1.2-beta/static/',
  ])('may be %s', (url) => {
    expect(checkUrls(url, undefined)).toEqual([]);
  });

  it.each([
    ['static', "Did you mean '/static/'?"],
    ['./static/', "Did you mean '/static/'?"],
    ['d3.cloudfront.net/static/', "Did you mean 'https://d3.cloudfront.net/static/'?"],
    ['cdn.example.com:8443/s', "Did you mean 'https://cdn.example.com:8443/s/'?"],
    ['cdn.example.com', "Did you mean 'https://cdn.example.com/'?"],
    ['localhost:3000/static/', "Did you mean 'http://localhost:3000/static/'?"],
    ['127.0.0.1/static/', "Did you mean 'http://127.0.0.1/static/'?"],
    ['assets:8080/', "Did you mean 'https://assets:8080/'?"],
    ['/static', "Did you mean '/static/'?"],
    ['https://cdn.example.com/s', "Did you mean 'https://cdn.example.com/s/'?"],
    ['https://cdn.example.com', "Did you mean 'https://cdn.example.com/'?"],
    ['/static/?v=1', undefined],
    ['/static/#x/', undefined],
    ['/sta tic/', undefined],
    ['\\static\\', undefined],
    ['//', undefined],
    ['https:///static/', undefined],
    ['https://a b/', undefined],
    ['http://[/', undefined],
  ])('must not be %s', (url, hint) => {
    const [problem, ...more] = checkUrls(url, undefined);
    expect(more).toEqual([]);
    expect(problem).toMatchObject({
      code: 'E010',
      key: 'staticUrl',
      message: expect.stringContaining(`, got '${url}'.`),
    });
    expect(problem?.hint).toBe(hint);
  });

  it.each(['ftp://example.com/', 'javascript:/'])('must not have another scheme, as %s', (url) => {
    expect(checkUrls(url, undefined)).toMatchObject([{ code: 'E010' }]);
  });
});

describe('mediaUrl', () => {
  it.each(['/static/', '/static'])('must not be the staticUrl, as %s', (mediaUrl) => {
    expect(checkUrls('/static/', mediaUrl)).toEqual([
      { code: 'E011', key: 'mediaUrl', message: "must differ from staticUrl, '/static/'." },
    ]);
  });

  it('may be another', () => {
    expect(checkUrls('/static/', '/media/')).toEqual([]);
  });

  it('is the staticUrl also without the slash at its start', () => {
    expect(checkUrls('static/', '/static/')).toMatchObject([{ code: 'E011' }]);
  });
});
