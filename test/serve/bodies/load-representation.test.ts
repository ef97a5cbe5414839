import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { contentInfo } from '../../../src/model/content.js';
import type { Content } from '../../../src/serve/bodies/content.js';
import { isEncodingOf } from '../../../src/serve/bodies/load-representation.js';
import type { OpenFile } from '../../../src/serve/bodies/open-file.js';

function inMemory(bytes: Buffer): Content {
  return { size: bytes.length, integrity: '', mtimeMs: 0, bytes };
}

/** Returns a file of the same piece many times, and the number of pieces that were read. */
function repeated(piece: Buffer, times: number): { readonly content: Content; readonly read: () => number } {
  let read = 0;
  async function* chunks() {
    for (; read < times; read++) yield piece;
  }
  const body = () => ({ size: piece.length * times, chunks, release() {} });
  const bytes: OpenFile = { isCurrent: () => true, read: async () => undefined, body, retire() {} };
  return { content: { ...inMemory(Buffer.alloc(0)), size: piece.length * times, bytes }, read: () => read };
}

const original = contentInfo(Buffer.from('text'), 'md5');

test('compressed bytes belong to a file if they decode to exactly its bytes', async () => {
  expect(await isEncodingOf(original, inMemory(gzipSync('text')), 'gzip')).toBe(true);
  for (const other of ['texT', 'tex', 'text ']) {
    expect([other, await isEncodingOf(original, inMemory(gzipSync(other)), 'gzip')]).toEqual([other, false]);
  }
  expect(await isEncodingOf(original, inMemory(Buffer.from('not gzip')), 'gzip')).toBe(false);
  expect(await isEncodingOf(original, inMemory(gzipSync('text')), 'unknown')).toBe(false);
});

test('reading stops when the bytes decode to more than the file has', async () => {
  const bomb = repeated(gzipSync(Buffer.alloc(4 * 1024 * 1024)), 500);
  expect(await isEncodingOf(original, bomb.content, 'gzip')).toBe(false);
  // How many pieces streams read ahead differs between versions of Node.js.
  expect(bomb.read()).toBeLessThan(100);
});
