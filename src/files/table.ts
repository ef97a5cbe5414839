import type { FileStamp } from './stamp.js';

/** What was true of a file when it was published, or last compared and found equal. */
export interface RecordedFile {
  readonly sourcePath: string;
  readonly source: FileStamp;
  /** Hash of the published bytes where a processor made them; `''` for a source as it is. */
  readonly hash: string;
  /** Of the published file: bytes, and milliseconds since 1970. */
  readonly size: number;
  readonly targetMtimeMs: number;
}

/** What is recorded of bytes that come from no file: their hash says all. */
export const OF_NO_FILE: Pick<RecordedFile, 'sourcePath' | 'source'> = {
  sourcePath: '',
  source: { size: 0, mtimeMs: 0, ctimeMs: 0, ino: 0 },
};

/** What is recorded of many files, field by field: as many objects would take several times the memory and time. */
export interface RecordColumns {
  readonly publicPaths: string[];
  readonly sourcePaths: string[];
  readonly hashes: string[];
  /** Six a file: the source's size, mtimeMs, ctimeMs, ino; the published file's size, mtimeMs. */
  readonly numbers: number[];
}

/** Some files of columns. */
export interface ColumnsPart {
  readonly columns: RecordColumns;
  readonly indexes: readonly number[];
}

/** The form in which V8 serialises them fast. */
export interface StoredColumns {
  readonly publicPaths: TextColumn;
  readonly sourcePaths: TextColumn;
  readonly hashes: TextColumn;
  readonly numbers: Float64Array;
}

const NUMBERS = 6;

export function createColumns(): RecordColumns {
  return { publicPaths: [], sourcePaths: [], hashes: [], numbers: [] };
}

/** Adds a file, and returns its index. */
export function addEntry(columns: RecordColumns, publicPath: string, entry: RecordedFile): number {
  const { source, size, targetMtimeMs } = entry;
  columns.sourcePaths.push(entry.sourcePath);
  columns.hashes.push(entry.hash);
  columns.numbers.push(source.size, source.mtimeMs, source.ctimeMs, source.ino, size, targetMtimeMs);
  return columns.publicPaths.push(publicPath) - 1;
}

export function entryAt({ sourcePaths, hashes, numbers }: RecordColumns, index: number): RecordedFile {
  // Read one by one: destructuring an array is ten times as slow, and this runs for every file.
  const at = index * NUMBERS;
  const source = {
    size: numbers[at]!,
    mtimeMs: numbers[at + 1]!,
    ctimeMs: numbers[at + 2]!,
    ino: numbers[at + 3]!,
  };
  const sourcePath = sourcePaths[index]!;
  return {
    sourcePath,
    source,
    hash: hashes[index]!,
    size: numbers[at + 4]!,
    targetMtimeMs: numbers[at + 5]!,
  };
}

/** Those files of several columns, in one. */
export function storeColumns(parts: readonly ColumnsPart[]): StoredColumns {
  const pick = (field: (columns: RecordColumns) => readonly string[]) =>
    joinTexts(parts.flatMap(({ columns, indexes }) => indexes.map((index) => field(columns)[index]!)));
  return {
    publicPaths: pick(({ publicPaths }) => publicPaths),
    sourcePaths: pick(({ sourcePaths }) => sourcePaths),
    hashes: pick(({ hashes }) => hashes),
    numbers: pickNumbers(parts),
  };
}

function pickNumbers(parts: readonly ColumnsPart[]): Float64Array {
  const count = parts.reduce((sum, { indexes }) => sum + indexes.length, 0);
  const numbers = new Float64Array(count * NUMBERS);
  let to = 0;
  for (const { columns, indexes } of parts) {
    for (const index of indexes) {
      const from = index * NUMBERS;
      for (let field = 0; field < NUMBERS; field++) numbers[to++] = columns.numbers[from + field]!;
    }
  }
  return numbers;
}

/** @throws RangeError where the columns are not of one length */
export function restoreColumns(stored: StoredColumns): RecordColumns {
  const columns = {
    publicPaths: splitTexts(stored.publicPaths),
    sourcePaths: splitTexts(stored.sourcePaths),
    hashes: splitTexts(stored.hashes),
    numbers: Array.from(stored.numbers),
  };
  const lengths = [columns.sourcePaths.length, columns.hashes.length, columns.numbers.length / NUMBERS];
  if (lengths.some((length) => length !== columns.publicPaths.length)) {
    throw new RangeError('The columns of the record are of different lengths.');
  }
  return columns;
}

const FIELDS = 4;

/** The stamps of many files, four numbers each. */
export type StampColumns = Float64Array;

/** Columns for that many files; none has a stamp yet. */
export function createStampColumns(count: number): StampColumns {
  return new Float64Array(count * FIELDS);
}

/** The same in memory that threads can share. */
export function createSharedStampColumns(count: number): StampColumns {
  return new Float64Array(new SharedArrayBuffer(count * FIELDS * 8));
}

export function setStamp(columns: StampColumns, index: number, stamp: FileStamp): void {
  const at = index * FIELDS;
  columns[at] = stamp.size;
  columns[at + 1] = stamp.mtimeMs;
  columns[at + 2] = stamp.ctimeMs;
  columns[at + 3] = stamp.ino;
}

/** The stamp of a file, `undefined` where none was set. */
export function stampAt(columns: StampColumns, index: number): FileStamp | undefined {
  // Read one by one: destructuring a typed array is ten times as slow, and this runs for every file.
  const at = index * FIELDS;
  if (columns[at + 2] === 0) return undefined;
  return { size: columns[at]!, mtimeMs: columns[at + 1]!, ctimeMs: columns[at + 2]!, ino: columns[at + 3]! };
}

/**
 * Many texts without NUL (paths, hashes, JSON) as one: it goes to another thread, and to disk, many times faster than
 * a list of them.
 */
export type TextColumn = string;

const SEPARATOR = '\0';

export function joinTexts(texts: readonly string[]): TextColumn {
  // One after each, so that no texts and one empty text differ.
  return texts.length === 0 ? '' : texts.join(SEPARATOR) + SEPARATOR;
}

export function splitTexts(column: TextColumn): string[] {
  const texts = column.split(SEPARATOR);
  texts.pop();
  return texts;
}
