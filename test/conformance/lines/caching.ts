import { expect } from 'vitest';
import { lines } from '../line.js';

const HTTP_DATE = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/;

export const caching = [
  ...lines('RFC 8246', {
    'a fingerprinted file is cacheable for a year and immutable': async ({ hashed }) => {
      const directives = (await hashed('css/app.css')).headers['cache-control']?.split(/, */) ?? [];
      expect(directives).toContain('public');
      expect(directives).toContain('immutable');
      const age = directives.find((each) => each.startsWith('max-age='))?.slice('max-age='.length);
      expect(Number(age)).toBeGreaterThanOrEqual(31_536_000);
    },
  }),
  ...lines('RFC 9111 §5.2.2.1', {
    'any other file is cacheable for a minute': async ({ plain }) => {
      expect((await plain('css/app.css')).headers['cache-control']).toMatch(
        /^(public, *)?max-age=60(, *public)?$/,
      );
    },
  }),
  ...lines('RFC 9110 §8.8.3', {
    'a file has a strong ETag': async ({ plain }) => {
      expect((await plain('digits.bin')).headers.etag).toMatch(/^"[\x21\x23-\x7e]+"$/);
    },
    'different files of the same size and time have different ETags': async ({ plain }) => {
      const [one, two] = await Promise.all([plain('twins/one.txt'), plain('twins/two.txt')]);
      expect(one.headers['last-modified']).toBe(two.headers['last-modified']);
      expect(one.headers.etag).toBeDefined();
      expect(one.headers.etag).not.toBe(two.headers.etag);
    },
    'the same bytes have the same ETag at any time': async ({ plain }) => {
      const [one, two] = await Promise.all([plain('copies/one.txt'), plain('copies/two.txt')]);
      expect(one.headers['last-modified']).not.toBe(two.headers['last-modified']);
      expect(one.headers.etag).toBeDefined();
      expect(one.headers.etag).toBe(two.headers.etag);
    },
  }),
  ...lines('RFC 9110 §8.8.3.3', {
    'each coding has its own ETag': async ({ hashed }) => {
      const codings = ['identity', 'gzip', 'br'];
      const tags = codings.map(async (coding) => {
        const { headers } = await hashed('css/app.css', { 'accept-encoding': coding });
        expect(headers['content-encoding'] ?? 'identity').toBe(coding);
        return headers.etag;
      });
      expect(new Set(await Promise.all(tags)).size).toBe(3);
    },
  }),
  ...lines('RFC 9110 §8.8.2', {
    'Last-Modified is the time of the file': async ({ plain }) => {
      const { headers } = await plain('old.txt');
      expect(headers['last-modified']).toMatch(HTTP_DATE);
      expect(headers['last-modified']).toBe('Wed, 05 May 2021 00:00:00 GMT');
    },
  }),
  ...lines('RFC 9110 §8.8.2.1', {
    'Last-Modified is not later than Date': async ({ plain }) => {
      const { headers } = await plain('future.txt');
      expect(headers['last-modified']).toMatch(HTTP_DATE);
      expect(Date.parse(headers['last-modified']!)).toBeLessThanOrEqual(Date.parse(headers.date!));
    },
  }),
];
