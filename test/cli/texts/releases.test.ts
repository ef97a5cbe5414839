import { expect, test } from 'vitest';
import { prunedText } from '../../../src/cli/texts/releases.js';

test('after an interrupted run, the text says until when nothing is pruned', () => {
  const plan = { releases: [], files: [], spared: [], quietUntil: new Date('2026-11-28T15:02:00Z') };
  expect(prunedText({ plan, deleted: { files: 0, size: 0 }, tooMany: false }, false)).toBe(
    'Nothing is pruned now, because an interrupted run may still wake up and publish. Prune again after 2026-11-28 15:02 UTC.',
  );
});
