import { expect, test } from 'vitest';
import { collectedProject, expectSame, flipped } from './damage.js';

/** Bytes of each file; damage.slow.test.ts takes all of them. */
const SAMPLES = 6;

test('a damaged cache is a cache that is not there', async () => {
  const collected = await collectedProject();
  const names = [...collected.cache.keys()];
  expect(names.map((name) => name.replace(/[0-9a-f-]{16,}/, '#')).sort()).toEqual([
    '.gitignore',
    'compressed/packs/#.pack',
    'compressed/uses/#',
    'records/#.bin',
  ]);
  for (const [name, bytes] of collected.cache) {
    for (let sample = 0; sample < SAMPLES; sample++) {
      const at = Math.floor((sample * bytes.length) / SAMPLES);
      const afresh = sample % 2 === 0;
      await expectSame(collected, name, flipped(bytes, at), { afresh });
      await expectSame(collected, name, bytes.subarray(0, at), { afresh });
    }
  }
});
