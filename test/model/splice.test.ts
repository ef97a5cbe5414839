import { describe, expect, it } from 'vitest';
import { splice } from '../../src/model/splice.js';

describe('splice', () => {
  it('inserts texts at byte offsets, also at both ends and twice at one offset', () => {
    const insertions = [0, 2, 2, 4].map((offset, i) => ({ offset, text: `<${i}>` }));
    expect(splice(Buffer.from('éab'), insertions).toString()).toBe('<0>é<1><2>ab<3>');
  });

  it('keeps every other byte, also invalid UTF-8', () => {
    const source = Buffer.from([0xff, 0x00, 0xfe, 0x0d]);
    expect(splice(source, [{ offset: 1, text: 'x' }])).toEqual(Buffer.from([0xff, 0x78, 0x00, 0xfe, 0x0d]));
  });

  it('returns a copy if there is nothing to insert', () => {
    const source = Buffer.from('ab');
    const result = splice(source, []);
    expect(result).toEqual(source);
    expect(result).not.toBe(source);
  });

  it.each([[[3]], [[2, 1]], [[-1]], [[Number.NaN]]])('refuses the offsets %j', (offsets) => {
    const insertions = offsets.map((offset) => ({ offset, text: 'x' }));
    expect(() => splice(Buffer.from('ab'), insertions)).toThrow(RangeError);
  });
});
