import { hash } from 'node:crypto';
import zlib from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { decodedInfo, decodesTo } from '../../src/model/decode.js';

const TEXT = 'a { color: red }\n'.repeat(100);
const FACTS = { size: TEXT.length, integrity: `sha384-${hash('sha384', TEXT, 'base64')}` };

describe.each([
  ['gzip', zlib.gzipSync],
  ['br', zlib.brotliCompressSync],
] as const)('%s', (encoding, encode) => {
  const encoded = encode(Buffer.from(TEXT));

  it('decodes to the bytes that were encoded', async () => {
    expect(await decodedInfo([encoded], encoding, TEXT.length)).toEqual(FACTS);
    expect(await decodesTo([encoded.subarray(0, 20), encoded.subarray(20)], encoding, FACTS)).toBe(true);
    expect(await decodesTo([encoded], encoding, { ...FACTS, integrity: 'sha384-other' })).toBe(false);
    expect(await decodesTo([encoded], encoding, { ...FACTS, size: FACTS.size + 1 })).toBe(false);
  });

  it.each([
    ['cut short', [encoded.subarray(0, -4)]],
    ['empty', []],
    ['plain', [Buffer.from(TEXT)]],
  ])('is not decoded if it is %s', async (_, pieces) => {
    expect(await decodedInfo(pieces, encoding, TEXT.length)).toBeUndefined();
  });
});

it('decoding stops at the limit', async () => {
  const piece = zlib.gzipSync(Buffer.alloc(4 * 1024 * 1024));
  let read = 0;
  const pieces = function* () {
    for (; read < 500; read++) yield piece;
  };
  expect(await decodedInfo(pieces(), 'gzip', 1000)).toBeUndefined();
  // Versions of Node.js read different numbers of pieces ahead.
  expect(read).toBeLessThan(100);
});

it('a read error is thrown, and not taken for damaged bytes', async () => {
  const failing = async function* (): AsyncGenerator<Buffer> {
    yield zlib.gzipSync(TEXT).subarray(0, 10);
    throw new Error('No such device.');
  };
  await expect(decodedInfo(failing(), 'gzip', TEXT.length)).rejects.toThrow('No such device.');
});

it('an encoding that this Node.js does not have is not decoded', async () => {
  expect(await decodedInfo([Buffer.from(TEXT)], 'dcb', TEXT.length)).toBeUndefined();
  expect(await decodedInfo([Buffer.from(TEXT)], 'identity', TEXT.length)).toEqual(FACTS);
});
