import { TextBuffer } from '../text/string-builder.js';
import { type FileStamp, STAMP_SIZE } from './stamp.js';

/**
 * Values of one kind, packed as one text or one array of numbers. Thousands of small objects take several times as long
 * to serialise, and to send to another thread.
 */
export interface Column<Value> {
  /** Names the packed form, so that another one is recognized. */
  readonly form: string;
  /**
   * Packs values one by one: lists of their parts would take more memory than all else that a run keeps.
   *
   * @param expected how many values there will be, about
   */
  packer(expected?: number): Packer<Value>;
  pack(values: Iterable<Value>): unknown;
  /** Returns a function that reads the value of a row, or `undefined` if there are not exactly `count` values. */
  open(packed: unknown, count: number): ((row: number) => Value) | undefined;
}

/** Packs the values of one column, in their order. */
interface Packer<Value> {
  add(value: Value): void;
  packed(): unknown;
}

function column<Value>(kind: Omit<Column<Value>, 'pack'>): Column<Value> {
  return {
    ...kind,
    pack(values) {
      const { add, packed } = kind.packer();
      for (const value of values) add(value);
      return packed();
    },
  };
}

const SEPARATOR = '\0';

/** Of a text. Most take less. */
const EXPECTED_BYTES = 100;

/** Texts without NUL, such as paths, hashes and JSON. */
export const text: Column<string> = column({
  form: 'text',
  packer(expected = 0) {
    const texts = new TextBuffer(expected * EXPECTED_BYTES);
    let separator = '';
    return {
      add(value) {
        texts.add(separator);
        texts.add(value);
        separator = SEPARATOR;
      },
      packed() {
        const { buffer, byteOffset, length } = texts.toBuffer();
        return new Uint8Array(buffer, byteOffset, length);
      },
    };
  },
  open(packed, count) {
    const values = splitTexts(packed, count);
    return values && ((row) => values[row]!);
  },
});

function splitTexts(packed: unknown, count: number): readonly string[] | undefined {
  if (!(packed instanceof Uint8Array)) return undefined;
  const { buffer, byteOffset, length } = packed;
  const values = count === 0 ? [] : Buffer.from(buffer, byteOffset, length).toString().split(SEPARATOR);
  return values.length === count ? values : undefined;
}

export const number: Column<number> = column({
  form: 'number',
  packer: (expected) =>
    numberPacker(1, expected, (numbers, at, value) => {
      numbers[at] = value;
    }),
  open: (packed, count) => (hasNumbers(packed, count) ? (row) => packed[row]! : undefined),
});

/**
 * Packs values as some numbers each.
 *
 * @param set writes the numbers of a value at an index
 */
function numberPacker<Value>(
  size: number,
  expected: number | undefined,
  set: (numbers: Float64Array, at: number, value: Value) => void,
): Packer<Value> {
  let numbers = new Float64Array((expected ?? 0) * size);
  let length = 0;
  return {
    add(value) {
      if (length === numbers.length) {
        const longer = new Float64Array(Math.max(length * 2, 64 * size));
        longer.set(numbers);
        numbers = longer;
      }
      set(numbers, length, value);
      length += size;
    },
    packed: () => numbers.subarray(0, length),
  };
}

/** Size and time of a file. */
export interface SizeAndTime {
  /** Bytes. */
  readonly size: number;
  /** Milliseconds since 1970. */
  readonly mtimeMs: number;
}

export const sizeAndTime: Column<SizeAndTime> = column({
  form: 'size and time',
  packer: (expected) =>
    numberPacker(2, expected, (numbers, at, { size, mtimeMs }) => {
      numbers[at] = size;
      numbers[at + 1] = mtimeMs;
    }),
  open: (packed, count) =>
    hasNumbers(packed, count * 2)
      ? (row) => ({ size: packed[row * 2]!, mtimeMs: packed[row * 2 + 1]! })
      : undefined,
});

export const stamp: Column<FileStamp> = column({
  form: 'stamp',
  packer: (expected) => numberPacker(STAMP_SIZE, expected, setStamp),
  open: (packed, count) =>
    hasNumbers(packed, count * STAMP_SIZE) ? (row) => stampAt(packed, row) : undefined,
});

/** Packs stamps for `hasStampNow()`. */
export function packStamps(stamps: readonly FileStamp[]): Float64Array {
  return stamp.pack(stamps) as Float64Array;
}

function hasNumbers(packed: unknown, count: number): packed is Float64Array {
  return packed instanceof Float64Array && packed.length === count;
}

function setStamp(stamps: Float64Array, at: number, { size, mtimeMs, ctimeMs, ino }: FileStamp): void {
  stamps[at] = size;
  stamps[at + 1] = mtimeMs;
  stamps[at + 2] = ctimeMs;
  stamps[at + 3] = ino;
}

function stampAt(stamps: Float64Array, row: number): FileStamp {
  // One by one: destructuring a typed array takes ten times as long.
  const at = row * STAMP_SIZE;
  return { size: stamps[at]!, mtimeMs: stamps[at + 1]!, ctimeMs: stamps[at + 2]!, ino: stamps[at + 3]! };
}

/** Values of another column, any of which may be `undefined`. */
export function optional<Value>(of: Column<Value>): Column<Value | undefined> {
  return column({
    form: `optional ${of.form}`,
    packer(expected) {
      const places: number[] = [];
      const values = of.packer(expected);
      let next = 0;
      return {
        add(value) {
          places.push(value === undefined ? -1 : next++);
          if (value !== undefined) values.add(value);
        },
        packed: () => ({ places: Int32Array.from(places), values: values.packed() }),
      };
    },
    open(packed, count) {
      const { places, values } = fieldsOf(packed);
      if (!(places instanceof Int32Array) || places.length !== count) return undefined;
      const read = of.open(values, places.filter((place) => place >= 0).length);
      return read && ((row) => (places[row]! < 0 ? undefined : read(places[row]!)));
    },
  });
}

/** Values that are packed as those of another column. */
export function converted<Value, Packed>(
  of: Column<Packed>,
  toPacked: (value: Value) => Packed,
  toValue: (packed: Packed) => Value,
): Column<Value> {
  return column({
    form: of.form,
    packer(expected) {
      const { add, packed } = of.packer(expected);
      return { add: (value) => add(toPacked(value)), packed };
    },
    open(packed, count) {
      const read = of.open(packed, count);
      return read && ((row) => toValue(read(row)));
    },
  });
}

type Columns = Readonly<Record<string, Column<unknown>>>;

type GroupOf<Fields extends Columns> = {
  readonly [Name in keyof Fields]: Fields[Name] extends Column<infer Value> ? Value : never;
};

/** Objects, with a column for each of their fields. */
export function group<Fields extends Columns>(fields: Fields): Column<GroupOf<Fields>> {
  const columns = Object.entries(fields).map(([name, column]) => ({ name, column }));
  return column({
    form: `{${columns.map(({ name, column }) => `${name}: ${column.form}`).join(', ')}}`,
    packer(expected) {
      const packers = columns.map(({ name, column }) => ({ name, packer: column.packer(expected) }));
      return {
        add(value) {
          for (const { name, packer } of packers) packer.add(value[name]);
        },
        packed: () => Object.fromEntries(packers.map(({ name, packer }) => [name, packer.packed()])),
      };
    },
    open(packed, count) {
      const values = fieldsOf(packed);
      const readers = columns.flatMap(({ name, column }) => {
        const read = column.open(values[name], count);
        return read ? [{ name, read }] : [];
      });
      if (readers.length < columns.length) return undefined;
      return (row) => {
        const object: Record<string, unknown> = {};
        for (const { name, read } of readers) object[name] = read(row);
        return object as GroupOf<Fields>;
      };
    },
  });
}

function fieldsOf(packed: unknown): Readonly<Record<string, unknown>> {
  return typeof packed === 'object' && packed !== null ? (packed as Record<string, unknown>) : {};
}

/** A table as V8 serialises it. */
export interface PackedTable {
  readonly form: string;
  readonly count: number;
  readonly keys: unknown;
  readonly values: unknown;
}

/** Values by key. A value is put together when it is read. */
export interface Table<Value> {
  readonly keys: readonly string[];
  indexOf(key: string): number | undefined;
  at(index: number): Value;
  get(key: string): Value | undefined;
}

/** Packs and opens tables of one form. */
export interface TableFormat<Value> {
  /**
   * Packs entries, whose keys differ.
   *
   * @param expected how many there will be, about
   */
  pack(entries: Iterable<readonly [key: string, value: Value]>, expected?: number): PackedTable;
  /** Opens a table. It is empty if there is none, or if it is damaged or of another form. */
  open(packed: unknown): Table<Value>;
}

/**
 * Declares a kind of table that is kept from run to run.
 *
 * @param version what the values mean: raise it with the meaning. Another column changes the form by itself.
 * @example
 * const sizes = defineTable('sizes 1', number);
 * sizes.open(sizes.pack([['a.css', 12]])).get('a.css'); // 12
 */
export function defineTable<Value>(version: string, column: Column<Value>): TableFormat<Value> {
  const form = `${version} ${column.form}`;
  return {
    pack(entries, expected = 0) {
      const keys = text.packer(expected);
      const values = column.packer(expected);
      let count = 0;
      for (const [key, value] of entries) {
        keys.add(key);
        values.add(value);
        count++;
      }
      return { form, count, keys: keys.packed(), values: values.packed() };
    },
    open(packed) {
      const { form: givenForm, count = 0, keys, values } = fieldsOf(packed) as Partial<PackedTable>;
      if (givenForm !== form) return tableOf([], NO_VALUE);
      const names = splitTexts(keys, count);
      const read = names && column.open(values, count);
      return read ? tableOf(names, read) : tableOf([], NO_VALUE);
    },
  };
}

const NO_VALUE = (index: number): never => {
  throw new RangeError(`The table has no row ${index}.`);
};

function tableOf<Value>(keys: readonly string[], at: (index: number) => Value): Table<Value> {
  const indexOf = indexKeys(keys);
  return {
    keys,
    indexOf,
    at,
    get(key) {
      const index = indexOf(key);
      return index === undefined ? undefined : at(index);
    },
  };
}

/**
 * Finds keys in a list. An unchanged run asks for them in the order of the list, and then needs no map: making one for
 * tens of thousands of keys takes longer than finding them all.
 */
function indexKeys(keys: readonly string[]): (key: string) => number | undefined {
  let next = 0;
  let map: Map<string, number> | undefined;
  return (key) => {
    if (keys[next] === key) return next++;
    if (next > 0 && keys[next - 1] === key) return next - 1;
    map ??= new Map(keys.map((each, index) => [each, index]));
    const index = map.get(key);
    if (index !== undefined) next = index + 1;
    return index;
  };
}
