import { expect, it } from 'vitest';
import { deserializedPieces, serializedPieces } from '../../src/cache/serialized.js';

const VALUES = {
  bytes: Uint8Array.of(1, 2, 3),
  none: new Uint8Array(0),
  numbers: Float64Array.of(0.5, -1, 2 ** 52),
  part: Float64Array.of(1, 2, 3).subarray(1, 2),
  places: Int32Array.of(-1, 0),
  others: [Buffer.from('a buffer'), Float32Array.of(0.5), new BigUint64Array(1)],
  rest: new Map([['ü', [undefined, null, new Date(0)]]]),
};

it('a value comes back with its arrays, wherever its bytes are', () => {
  const bytes = Buffer.concat(serializedPieces(VALUES));
  expect(deserializedPieces(bytes)).toEqual(VALUES);
  expect(deserializedPieces(Buffer.concat([Buffer.alloc(3), bytes]).subarray(3))).toEqual(VALUES);
});

it('arrays of bytes and numbers are not copied', () => {
  const { bytes, numbers, places } = VALUES;
  const pieces = serializedPieces({ bytes, numbers, places });
  for (const [at, each] of [bytes, numbers, places].entries()) expect(pieces[at]!.buffer).toBe(each.buffer);
});

it('bytes that end too early are refused', () => {
  const bytes = Buffer.concat(serializedPieces({ a: 1 }));
  expect(() => deserializedPieces(bytes.subarray(0, 2))).toThrow();
});
