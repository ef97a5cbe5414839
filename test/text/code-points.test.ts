import { expect, test } from 'vitest';
import { compareCodePoints, sortedByCodePoint } from '../../src/text/code-points.js';

test('names are ordered by code points, as their UTF-8 bytes are', () => {
  const names = ['b', 'a/b', 'a', '\uff5e', '\u{1F600}', 'a-', '\u{1F601}', 'Z', '', '\ud7ff'];
  const byBytes = names.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  expect(names.toSorted(compareCodePoints)).toEqual(byBytes);
  expect(sortedByCodePoint(names)).toEqual(byBytes);
});
