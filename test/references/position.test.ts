import { describe, expect, it } from 'vitest';
import { positionsOf } from '../../src/references/position.js';

describe('positionsOf', () => {
  it('counts lines and columns from 1, columns in characters', () => {
    const bytes = Buffer.from('ab\r\nüü x\n\ny');
    const offsets = ['ab', 'x', 'y'].map((text) => bytes.indexOf(text));
    expect(positionsOf(bytes, offsets)).toEqual([
      { line: 1, column: 1, text: 'ab' },
      { line: 2, column: 4, text: 'üü x' },
      { line: 4, column: 1, text: 'y' },
    ]);
  });

  it('counts several positions in one line', () => {
    const columns = positionsOf(Buffer.from('é a b'), [3, 5]).map(({ column }) => column);
    expect(columns).toEqual([3, 5]);
  });

  it('does not count a byte order mark as a column', () => {
    const bytes = Buffer.from('\ufeffab\ncd');
    const offsets = ['a', 'b', 'c'].map((text) => bytes.indexOf(text));
    expect(positionsOf(bytes, [0, ...offsets]).map(({ line, column }) => [line, column])).toEqual([
      [1, 1],
      [1, 1],
      [1, 2],
      [2, 1],
    ]);
  });

  it('decodes the line by the encoding of the file', () => {
    const bytes = Buffer.from([0xe9, 0x20, 0x78, 0x0a]);
    expect(positionsOf(bytes, [2], 'windows-1251')).toEqual([{ line: 1, column: 3, text: 'й x' }]);
  });

  it('shows only a part of a long line', () => {
    const bytes = Buffer.from(`${'x'.repeat(1000)}HERE${'y'.repeat(1000)}`);
    const { column, text } = positionsOf(bytes, [1000])[0]!;
    expect(column).toBe(1001);
    expect(text).toMatch(/^…x+HEREy+…$/);
    expect(text.length).toBeLessThan(110);
  });
});
