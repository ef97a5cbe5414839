import { expect, test } from 'vitest';
import { collectedProject, expectSame, flipped } from './damage.js';

/** Number of bytes to damage in each file. damage.slow.test.ts damages all of them. */
const SAMPLES = 6;

test('a damaged cache counts as a missing one', { timeout: 120_000 }, async () => {
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
      const damaged = sample % 3 === 2 ? bytes.subarray(0, at) : flipped(bytes, at);
      await expectSame(collected, name, damaged, { emptyRoot: sample % 2 === 0 });
    }
  }
});
