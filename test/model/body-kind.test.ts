import { expect, it } from 'vitest';
import { withBodyKind } from '../../src/model/body.js';
import type { Output } from '../../src/model/output.js';

function outputWith(body: object): Output {
  return { logicalPath: 'a', publicPath: 'a', body } as Output;
}

it.each([
  ['bytes', { bytes: Buffer.from('a') }],
  ['file', { file: '/a' }],
  ['rewritten', { rewritten: '/a', stamp: {}, insertions: [] }],
])('a body without a kind gets %s', (kind, body) => {
  expect(withBodyKind(outputWith(body)).body).toEqual({ ...body, kind });
});

it('the same output gets the same copy, so that a session recognizes it', () => {
  const output = outputWith({ file: '/a' });
  expect(withBodyKind(output)).toBe(withBodyKind(output));
});

it('an output whose body has a kind is returned unchanged', () => {
  const output = outputWith({ kind: 'file', file: '/a' });
  expect(withBodyKind(output)).toBe(output);
});

it('bytes that a getter reads are not read', () => {
  const body = {
    get bytes(): Buffer {
      throw new Error('read');
    },
  };
  expect(withBodyKind(outputWith(body)).body.kind).toBe('bytes');
});
