import fs from 'node:fs';
import { describe, expect, test } from 'vitest';
import { isRangeValid } from '../../../src/serve/http/conditions.js';
import { serve } from '../../../src/serve/serve.js';
import { ask } from '../support/ask.js';
import { newSite } from '../support/site.js';

const DATE = 'Wed, 05 May 2021 00:00:00 GMT';

describe('If-Range with a date', () => {
  test('is ignored while the file may change again within the same second', () => {
    const validators = { etag: '"tag"', lastModified: Date.parse(DATE) };
    expect(isRangeValid(DATE, { ...validators, isDateStrong: true })).toBe(true);
    expect(isRangeValid(DATE, { ...validators, isDateStrong: false })).toBe(false);
    expect(isRangeValid('"tag"', { ...validators, isDateStrong: false })).toBe(true);
  });

  test.each([
    [-60, 200], // a time in the future counts as now, however long the test takes
    [60, 206],
  ])('for a file that was changed %i seconds ago gives %i', async (age, status) => {
    const site = await newSite({ 'a.txt': '0123456789' }, {});
    const time = Date.now() / 1000 - age;
    fs.utimesSync(site.path('root/a.txt'), time, time);
    const statics = await serve({ settings: site.path('staticfiles.config.json'), env: {} });
    const { headers } = (await ask(statics, '/static/a.txt'))!;
    const range = { range: 'bytes=1-2', 'if-range': headers['last-modified']! };
    expect((await ask(statics, '/static/a.txt', range))?.status).toBe(status);
  });
});
