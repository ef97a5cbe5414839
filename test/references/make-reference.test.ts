import { describe, expect, it } from 'vitest';
import { insertionIndex, plainReference } from '../../src/references/make-reference.js';

describe('insertionIndex', () => {
  it.each([
    ['a.png', 1],
    ['a.tar.gz', 5],
    ['LICENSE', 7],
    ['.htaccess', 9],
    ['..x', 3],
    ['.a.b', 2],
    ['a.', 1],
    ['', 0],
    ['a%2Epng', 1],
    ['%2ehtaccess', 11],
    ['%2e\t.x', 6],
    ['a\t.\npng', 2],
    ['a.b/LICENSE', 11],
    ['a.b\\c', 5],
    ['a.b%2fc', 7],
    ['a%252epng', 9],
    ['c.png?d.e', 1],
    ['c.png#d.e?f', 1],
    ['a.b/?c', 4],
    [' .htaccess ', 10],
    ['  ', 0],
  ])('%j: %d', (url, index) => expect(insertionIndex(url)).toBe(index));
});

describe('plainReference', () => {
  it('decodes the URL and finds where the fingerprint goes', () => {
    const bytes = Buffer.from('{"icon":" ü.png "}');
    expect(plainReference(bytes, 9, 17, 'icon')).toEqual({
      kind: 'icon',
      start: 9,
      end: 17,
      url: 'ü.png',
      insertionOffset: 12,
    });
  });
});
