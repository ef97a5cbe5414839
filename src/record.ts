import path from 'node:path';
import { deserialize, serialize } from 'node:v8';
import { makeCacheFolder } from './cache/cache-folder.js';
import { markUsed } from './cache/last-use.js';
import { readSealedFile, writeSealedFile } from './cache/sealed-file.js';
import { systemErrorCode } from './errors.js';
import { isSettled } from './file-stamp.js';
import { indexNames } from './name-index.js';
import {
  addEntry,
  createColumns,
  entryAt,
  type RecordColumns,
  type RecordedFile,
  restoreColumns,
  type StoredColumns,
  storeColumns,
} from './record-columns.js';

export { OF_NO_FILE, type RecordedFile } from './record-columns.js';

/** What is known of a destination, by public path. Losing it costs time, never correctness. */
export interface PublishRecord {
  /** The system error that kept it from being read. */
  readonly problem?: unknown;
  /** What an earlier run recorded. */
  get(publicPath: string): RecordedFile | undefined;
  /** Notes that what was recorded is still true. */
  keep(publicPath: string): void;
  /**
   * Notes what this run knows.
   *
   * @param sure whether the source's stamp says all, however young the source is
   */
  set(publicPath: string, entry: RecordedFile, sure?: boolean): void;
  /** What earlier runs recorded, and this one has neither kept nor set. */
  left(): Iterable<readonly [publicPath: string, entry: RecordedFile]>;
  /** What was remembered under a name and that version of its form; `undefined` if there is nothing. */
  recall(name: string, version?: string): unknown;
  /** Remembers a value, one that the structured clone algorithm takes, or a function that makes it. */
  remember(name: string, value: unknown, version?: string): void;
  /** Writes what was kept and set, if that is not what is there already. Throws raw system errors. */
  save(startedAt: number): void;
}

/** Changes with the form of anything in a record, except memories that have a version of their own. */
const KIND = 'record 4';

/** The form on disk, in V8's serialisation (https://nodejs.org/api/v8.html#serialization-api), sealed. */
interface StoredRecord {
  readonly columns: StoredColumns;
  readonly memory: Readonly<Record<string, Memory>>;
}

/** A value that was remembered. */
interface Memory {
  readonly version: string;
  readonly value: unknown;
}

/**
 * Opens the record of a destination.
 *
 * @param recordFile in a folder of the cache folder
 * @param trusted `false` looks at nothing that earlier runs recorded
 */
export function openRecord(recordFile: string, trusted = true): PublishRecord {
  const {
    columns = createColumns(),
    memory: remembered = {},
    problem,
  } = trusted ? readRecord(recordFile) : NOTHING;
  const earlier = { columns };
  const indexOf = indexNames(earlier.columns.publicPaths);
  const kept = new Set<number>();
  const news = createColumns();
  const newIndexes = new Map<string, number>();
  const sureIndexes = new Set<number>();
  const memory = new Map(Object.entries(remembered));
  let hasNewMemory = false;

  return {
    problem,
    get(publicPath) {
      const index = indexOf(publicPath);
      return index === undefined ? undefined : entryAt(earlier.columns, index);
    },
    keep(publicPath) {
      const index = indexOf(publicPath);
      if (index !== undefined) kept.add(index);
    },
    set(publicPath, entry, sure = false) {
      const earlierIndex = indexOf(publicPath);
      if (earlierIndex !== undefined) kept.delete(earlierIndex);
      const index = addEntry(news, publicPath, entry);
      newIndexes.set(publicPath, index);
      if (sure) sureIndexes.add(index);
    },
    *left() {
      const { publicPaths } = earlier.columns;
      if (kept.size === publicPaths.length) return;
      for (let index = 0; index < publicPaths.length; index++) {
        const publicPath = publicPaths[index]!;
        if (kept.has(index) || newIndexes.has(publicPath)) continue;
        yield [publicPath, entryAt(earlier.columns, index)];
      }
    },
    recall(name, version = '') {
      const known = memory.get(name);
      return known?.version === version ? made(known.value) : undefined;
    },
    remember(name, value, version = '') {
      memory.set(name, { version, value });
      hasNewMemory = true;
    },
    save(startedAt) {
      const allKept = kept.size === earlier.columns.publicPaths.length;
      if (trusted && !hasNewMemory && allKept && newIndexes.size === 0) return markUsed(recordFile);
      const settled = [...newIndexes.values()].filter(
        (index) => sureIndexes.has(index) || isSettled(entryAt(news, index).source, startedAt),
      );
      const columns = storeColumns([
        { columns: earlier.columns, indexes: [...kept] },
        { columns: news, indexes: settled },
      ]);
      const memories = Array.from(memory, ([name, { version, value }]) => [
        name,
        { version, value: made(value) },
      ]);
      const stored: StoredRecord = { columns, memory: Object.fromEntries(memories) };
      makeCacheFolder(path.dirname(path.dirname(recordFile)));
      writeSealedFile(KIND, recordFile, serialize(stored));
    },
  };
}

function made(value: unknown): unknown {
  return typeof value === 'function' ? value() : value;
}

/** What an earlier run has recorded. */
interface ReadRecord {
  readonly columns?: RecordColumns;
  readonly memory?: StoredRecord['memory'];
  readonly problem?: unknown;
}

const NOTHING: ReadRecord = {};

/** Without one that verifies, the files themselves are compared. */
function readRecord(recordFile: string): ReadRecord {
  try {
    const bytes = readSealedFile(KIND, recordFile);
    if (bytes === undefined) return NOTHING;
    const { columns, memory } = deserialize(bytes) as StoredRecord;
    return { columns: restoreColumns(columns), memory };
  } catch (error) {
    // A newer version of V8 may have serialised it.
    return systemErrorCode(error) === undefined ? NOTHING : { problem: error };
  }
}
