import { describe, expect, test } from 'vitest';
import { readLargeJson } from '../../src/manifest/large-json.js';
import { buildManifest } from '../../src/manifest/manifest.js';

function manifestText(names: readonly string[], more: Record<string, object> = {}): Buffer {
  const outputs = names.map((name) => ({
    logicalPath: name,
    publicPath: `to/${name}`,
    body: { kind: 'bytes' as const, bytes: Buffer.from('') },
  }));
  return buildManifest(outputs, more).bytes;
}

/** Names whose order differs between UTF-16, UTF-8 and escaped JSON. */
const NAMES = [
  ' ',
  '!',
  '"',
  '"quoted"',
  '#',
  '10',
  '9',
  'A',
  '\\back\\slash',
  '\u0001',
  '\n',
  'a',
  'a b',
  'a"b',
  'a.css',
  'a/b.css',
  'ab',
  'b\\',
  'z'.repeat(5000),
  'é',
  '\uffee',
  '\u{1f600}',
  '__proto__',
  'constructor',
];

describe('entries of a manifest', () => {
  const table = readLargeJson(manifestText(NAMES));

  test.each(NAMES)('%j is found', (name) => {
    expect(table?.get(name)).toBe(`to/${name}`);
  });

  test.each([
    '',
    'toString',
    'hasOwnProperty',
    'aa',
    'a.cs',
    'a.csss',
    '~',
    'to/a',
    '"paths"',
    '}',
    '\u{10ffff}',
  ])('%j is not found', (name) => {
    expect(table?.get(name)).toBeUndefined();
  });

  test.each([0, 1, 2, 3, 4, 5, 100, 1023])('each of %d is found, and no name between them', (count) => {
    const names = Array.from({ length: count }, (_, index) => `f/${String(index * 2).padStart(5, '0')}.css`);
    const many = readLargeJson(manifestText(names));
    for (const name of names) expect(many?.get(name)).toBe(`to/${name}`);
    for (let index = -1; index <= count * 2; index += 2) {
      expect(many?.get(`f/${String(index).padStart(5, '0')}.css`)).toBeUndefined();
    }
  });

  test('the keys around them are read', () => {
    const importmap = { imports: { app: '/static/app.js', '"paths": {': '}' } };
    const table = readLargeJson(manifestText(['a', 'b'], { importmap }));
    expect(table?.frame).toEqual({ paths: {}, version: '1.1', hash: expect.any(String), importmap });
    expect([table?.get('a'), table?.get('b'), table?.get('app')]).toEqual(['to/a', 'to/b', undefined]);
  });
});

describe('a text with another layout', () => {
  const { paths } = JSON.parse(manifestText(['a', 'b']).toString());

  test.each([
    ['one line', JSON.stringify({ paths })],
    ['one line that ends', `${JSON.stringify({ paths })}\n`],
    ['indented', JSON.stringify({ paths, version: '1.1' }, null, 2)],
    ['empty', ''],
    ['half of it', manifestText(['a', 'b']).toString().slice(0, 25)],
    ['not JSON', 'not\n"found"\n}'],
  ])('is not read: %s', (_, text) => {
    expect(readLargeJson(Buffer.from(text))?.get('a')).toBeUndefined();
  });
});
