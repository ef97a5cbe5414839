import { expect, it } from 'vitest';
import { summaryLine } from '../../../src/cli/texts/collect.js';
import type { CollectCounts } from '../../../src/pipeline/result.js';
import { noCounts } from '../examples.js';

it.each<[counts: Partial<CollectCounts>, link: boolean, destination: string | undefined, text: string]>([
  [{}, false, '/out', "0 static files copied to '/out'."],
  [{}, true, '/out', "0 static files symlinked to '/out'."],
  [{ copied: 1 }, false, '/out', "1 static file copied to '/out'."],
  [{ copied: 2 }, false, undefined, '2 static files copied.'],
  [{ linked: 1 }, true, '/out', "1 static file symlinked to '/out'."],
  [{ linked: 2, copied: 1 }, true, '/out', "2 static files symlinked, 1 static file copied to '/out'."],
  [{ reheadered: 2 }, false, 's3://b/', "0 static files copied to 's3://b/', 2 given other headers."],
  [{ unmodified: 3 }, false, '/out', "0 static files copied to '/out', 3 unmodified."],
  [{ deleted: 1, copied: 1 }, false, '/out', "1 static file deleted, 1 static file copied to '/out'."],
  [
    { deleted: 2, copied: 3, unmodified: 4, postProcessed: 5, conflicts: 6 },
    false,
    '/out',
    "2 static files deleted, 3 static files copied to '/out', 4 unmodified, 5 post-processed, " +
      '6 skipped due to conflict.',
  ],
])('%j, link %s, to %s', (counts, link, destination, text) => {
  expect(summaryLine({ counts: { ...noCounts, ...counts }, link, destination })).toBe(text);
});
