import { expect, test } from 'vitest';
import { collectedProject, expectSame, flipped } from './damage.js';

test('no byte of the cache changes what is published', { timeout: 1_200_000 }, async () => {
  const collected = await collectedProject();
  let damages = 0;
  for (const [name, bytes] of collected.cache) {
    for (let at = 0; at < bytes.length; at++) {
      const empty = at % 2 === 0;
      await expectSame(collected, name, flipped(bytes, at), { emptyRoot: empty });
      if (at % 8 < 2) await expectSame(collected, name, bytes.subarray(0, at), { emptyRoot: empty });
      damages++;
    }
  }
  expect(damages).toBeGreaterThan(1000);
});
