import { deserialize, serialize } from 'node:v8';
import { describe, expect, it } from 'vitest';
import {
  type Column,
  converted,
  defineTable,
  group,
  number,
  optional,
  sizeAndTime,
  stamp,
  text,
} from '../../src/files/table.js';

const STAMP = { size: 3, mtimeMs: 1577836800123.456, ctimeMs: 1577836800999.25, ino: 2 ** 52 };

const json: Column<unknown> = converted(text, JSON.stringify, JSON.parse);

/** Returns the values as they come back from disk. */
function readBack<Value>(column: Column<Value>, values: readonly Value[]): readonly Value[] | undefined {
  const read = column.open(deserialize(serialize(column.pack(values))), values.length);
  return read && values.map((_, row) => read(row));
}

describe('a column gives back', () => {
  it.each<[string, Column<unknown>, readonly unknown[]]>([
    ['texts', text, ['a', '', 'ü\n😀']],
    ['one empty text', text, ['']],
    ['numbers', number, [0, -1, 1577836800123.456, 2 ** 52, Infinity]],
    ['stamps', stamp, [STAMP, { ...STAMP, size: 0 }]],
    [
      'sizes and times',
      sizeAndTime,
      [
        { size: 3, mtimeMs: 1577836800123.456 },
        { size: 0, mtimeMs: -1 },
      ],
    ],
    ['optional texts', optional(text), [undefined, '', 'a', undefined]],
    ['optional stamps', optional(stamp), [STAMP, undefined]],
    ['values of which none is there', optional(number), [undefined, undefined]],
    ['converted values', json, [{ a: [1, null] }, 'x\0y', 7]],
    [
      'groups',
      group({ name: text, at: optional(number) }),
      [
        { name: 'a', at: 1 },
        { name: '', at: undefined },
      ],
    ],
    ['groups of groups', group({ a: group({ b: text }), c: stamp }), [{ a: { b: 'x' }, c: STAMP }]],
  ])('%s', (_, column, values) => {
    expect(readBack(column, values)).toEqual(values);
    expect(readBack(column, [])).toEqual([]);
  });
});

describe('a column does not open', () => {
  const fields = group({ name: text, size: number });
  it.each<[string, Column<unknown>, unknown, number]>([
    ['more texts', text, text.pack(['a', 'b']), 1],
    ['fewer texts', text, text.pack(['a']), 2],
    ['a text with NUL', text, text.pack(['a\0b']), 1],
    ['numbers in place of texts', text, number.pack([1]), 1],
    ['fewer numbers', number, number.pack([1]), 2],
    ['numbers that are not of its type', number, [1], 1],
    ['half a stamp', stamp, number.pack([1, 2]), 1],
    ['fewer places', optional(text), optional(text).pack(['a']), 2],
    ['fewer values than places', optional(text), { places: Int32Array.of(0, 1), values: 'a' }, 2],
    ['a group without a field', fields, { name: 'a' }, 1],
    ['a group with a damaged field', fields, { name: 'a', size: new Float64Array(2) }, 1],
    ['nothing', fields, undefined, 1],
    ['null', optional(text), null, 1],
  ])('%s', (_, column, packed, count) => {
    expect(column.open(packed, count)).toBeUndefined();
  });
});

describe('a table', () => {
  const sizes = defineTable('sizes 1', number);

  it('gives back each value by its key, from disk too', () => {
    const entries = Array.from({ length: 100_000 }, (_, index) => [`css/${index} ü.css`, index] as const);
    const table = sizes.open(deserialize(serialize(sizes.pack(new Map(entries)))));
    expect(table.keys).toHaveLength(entries.length);
    expect(
      entries.every(([key, value], index) => table.get(key) === value && table.at(index) === value),
    ).toBe(true);
  });

  it('finds keys in the order of the table, again, backwards, and not at all', () => {
    const { indexOf, get } = sizes.open(sizes.pack([...'abc'].map((key, index) => [key, index])));
    const asked = [...'aabccabxcxa'];
    expect(asked.map(indexOf)).toEqual([0, 0, 1, 2, 2, 0, 1, undefined, 2, undefined, 0]);
    expect(asked.map(get)).toEqual(asked.map(indexOf));
  });

  const packed = sizes.pack([['a', 1]]);

  it.each<[string, unknown]>([
    ['there is none', undefined],
    ['it is something else', 'sizes 1'],
    ['it has another version', defineTable('sizes 2', number).pack([['a', 1]])],
    ['it has another column', defineTable('sizes 1', optional(number)).pack([['a', 1]])],
    ['its keys are damaged', { ...packed, keys: 'a\0b' }],
    ['its values are damaged', { ...packed, values: 'a' }],
    ['its count is damaged', { ...packed, count: 2 }],
  ])('is empty if %s', (_, damaged) => {
    const table = sizes.open(damaged);
    expect([table.keys, table.get('a')]).toEqual([[], undefined]);
    expect(() => table.at(0)).toThrow(RangeError);
  });

  it('of no entries is empty', () => {
    expect(sizes.open(sizes.pack([])).keys).toEqual([]);
  });
});
