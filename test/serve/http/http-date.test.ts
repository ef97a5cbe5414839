import { describe, expect, test } from 'vitest';
import { parseHttpDate } from '../../../src/serve/http/http-date.js';

describe('parseHttpDate', () => {
  test.each(['Sun, 06 Nov 1994 08:49:37 GMT', 'Sunday, 06-Nov-94 08:49:37 GMT', 'Sun Nov  6 08:49:37 1994'])(
    '%s',
    (text) => {
      expect(parseHttpDate(text)).toBe(Date.UTC(1994, 10, 6, 8, 49, 37));
    },
  );

  test('a year of two digits is at most 50 years ahead', () => {
    const year = new Date().getUTCFullYear();
    const twoDigits = (each: number) => String(each % 100).padStart(2, '0');
    const read = (each: number) =>
      new Date(parseHttpDate(`Sunday, 06-Nov-${twoDigits(each)} 08:49:37 GMT`)!).getUTCFullYear();
    expect([read(year + 50), read(year + 51)]).toEqual([year + 50, year - 49]);
  });

  test.each([
    '',
    '1994',
    '0',
    'now',
    '1994-11-06T08:49:37Z',
    'Sun, 06 Nov 1994 08:49:37',
    'Sun, 06 Nov 1994 08:49:37 CET',
    'Sun, 06 Nov 1994 08:49:37 GMT and more',
    'Sun, 99 Nov 1994 08:49:37 GMT',
    '06 Nov 1994 08:49:37 GMT',
  ])('%j is not a date', (text) => {
    expect(parseHttpDate(text)).toBeUndefined();
  });
});
