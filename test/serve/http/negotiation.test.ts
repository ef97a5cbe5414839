import { describe, expect, test } from 'vitest';
import { acceptsHtml, createNegotiation } from '../../../src/serve/http/negotiation.js';

const ALL = 'zstd,br,gzip,identity';

describe('the coding with the highest q-value', () => {
  test.each([
    [undefined, 'identity'],
    ['', 'identity'],
    ['gzip, deflate, br, zstd', 'zstd'],
    ['gzip, br', 'br'],
    ['gzip;q=0.9, br;q=0.8, zstd;q=0.1', 'gzip'],
    ['*', 'zstd'],
    ['zstd;q=0, *', 'br'],
    ['*;q=0.5, gzip', 'gzip'],
    ['gzip;q=0', 'identity'],
    ['x-gzip;q=0.5', 'gzip'],
    ['ZSTD ; Q=0.3', 'zstd'],
    ['identity;q=0', undefined],
    ['identity;q=0, gzip;q=0.1', 'gzip'],
    ['*;q=0', undefined],
    ['*;q=0, identity', 'identity'],
    ['br;q=bad', 'identity'],
    [', ,;,=', 'identity'],
  ])('for %j is %j', (accepted, coding) => {
    const negotiate = createNegotiation();
    expect(negotiate(accepted, ALL)).toBe(coding);
    expect(negotiate(accepted, ALL)).toBe(coding);
  });

  test('is identity for a file without variants', () => {
    const negotiate = createNegotiation();
    expect(negotiate('br, gzip', 'identity')).toBe('identity');
    expect(negotiate('br, gzip', ALL)).toBe('br');
    expect(negotiate('identity;q=0', 'identity')).toBeUndefined();
  });

  test('is right for any number of different headers', () => {
    const negotiate = createNegotiation();
    for (let index = 0; index < 1000; index++) expect(negotiate(`x-${index}, gzip`, ALL)).toBe('gzip');
    expect(negotiate(`${'x'.repeat(1000)}, gzip`, ALL)).toBe('gzip');
  });
});

test.each([
  [undefined, true],
  ['text/html', true],
  ['text/*;q=0.1', true],
  ['*/*', true],
  ['application/json, text/html;q=0', false],
  ['application/json', false],
  ['image/*', false],
])('a client that accepts %j takes HTML: %j', (accept, isAccepted) => {
  expect(acceptsHtml(accept)).toBe(isAccepted);
});
