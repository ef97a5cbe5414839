import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { contentInfo } from '../../src/model/content.js';
import type { Content } from '../../src/serve/bodies/content.js';
import { decodesTo } from '../../src/serve/bodies/load-representation.js';
import type { KeptFile } from '../../src/serve/bodies/open-file.js';
import { entityTag } from '../../src/serve/bodies/representation-headers.js';

function originalOf(bytes: Buffer) {
  return { size: bytes.length, etag: entityTag(contentInfo(bytes, 'md5').integrity) };
}

function inMemory(bytes: Buffer): Content {
  return { size: bytes.length, integrity: '', mtimeMs: 0, bytes };
}

/** A file that gives the same piece again and again, and counts how often it was asked. */
function repeated(piece: Buffer, times: number): { readonly content: Content; readonly read: () => number } {
  let read = 0;
  async function* chunks() {
    for (; read < times; read++) yield piece;
  }
  const body = () => ({ size: piece.length * times, chunks, release() {} });
  const bytes: KeptFile = { isCurrent: () => true, read: async () => undefined, body, retire() {} };
  return { content: { ...inMemory(Buffer.alloc(0)), size: piece.length * times, bytes }, read: () => read };
}

test('compressed bytes are those of a file if they decode to just its bytes', async () => {
  const original = originalOf(Buffer.from('text'));
  expect(await decodesTo(inMemory(gzipSync('text')), 'gzip', original)).toBe(true);
  for (const other of ['texT', 'tex', 'text ']) {
    expect([other, await decodesTo(inMemory(gzipSync(other)), 'gzip', original)]).toEqual([other, false]);
  }
  expect(await decodesTo(inMemory(Buffer.from('no gzip')), 'gzip', original)).toBe(false);
  expect(await decodesTo(inMemory(gzipSync('text')), 'unknown', original)).toBe(false);
});

test('what decodes to more than the file has is read no further', async () => {
  const bomb = repeated(gzipSync(Buffer.alloc(4 * 1024 * 1024)), 500);
  expect(await decodesTo(bomb.content, 'gzip', originalOf(Buffer.from('text')))).toBe(false);
  // How many pieces streams read ahead differs between versions of Node.js.
  expect(bomb.read()).toBeLessThan(100);
});
