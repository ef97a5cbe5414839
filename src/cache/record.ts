import path from 'node:path';
import { deserialize, serialize } from 'node:v8';
import { systemErrorCode } from '../errors.js';
import { isSettled } from '../files/stamp.js';
import {
  addEntry,
  createColumns,
  entryAt,
  type RecordColumns,
  type RecordedFile,
  restoreColumns,
  type StoredColumns,
  storeColumns,
} from '../files/table.js';
import { makeCacheFolder } from './cache-folder.js';
import { readSealedFile, writeSealedFile } from './sealed-file.js';
import { markUsed } from './uses.js';

/** What is known of a destination, by public path. Losing it costs time, never correctness. */
export interface PublishRecord {
  /** The system error that kept it from being read. */
  readonly problem?: unknown;
  /**
   * Says which run last published there. What another run recorded proves nothing then, and is not returned:
   * with npm's packages, files of one size have one time too.
   */
  believe(lastRun: string | undefined): void;
  /** Says which run the record is of when it is saved. */
  publishedBy(run: string | undefined): void;
  /** What an earlier run recorded, if that is believed. */
  get(publicPath: string): RecordedFile | undefined;
  /** Notes that what was recorded is still true. */
  keep(publicPath: string): void;
  /** Whether this run has noted that. */
  isKept(publicPath: string): boolean;
  /**
   * Notes what this run knows.
   *
   * @param sure whether the source's stamp says all, however young the source is
   */
  set(publicPath: string, entry: RecordedFile, sure?: boolean): void;
  /** What earlier runs recorded, and this one has neither kept nor set. */
  left(): Iterable<readonly [publicPath: string, entry: RecordedFile]>;
  /** What a processor remembered; `undefined` where there is nothing. */
  recall(processor: string): unknown;
  /** Remembers a value for a processor, one that the structured clone algorithm takes, or a function that makes it. */
  remember(processor: string, value: unknown): void;
  /** Writes what was kept and set, if that is not what was there already. Throws raw system errors. */
  save(startedAt: number): void;
}

/** Changes with the form of anything in a record, except what processors remember: that has versions of its own. */
const KIND = 'record 5';

/** The form on disk, in V8's serialisation (https://nodejs.org/api/v8.html#serialization-api), sealed. */
interface StoredRecord {
  /** The run that last published when this was recorded, if the storage knows it. */
  readonly run: string | undefined;
  readonly columns: StoredColumns;
  /** By processor. */
  readonly memory: Readonly<Record<string, unknown>>;
}

/**
 * Opens the record of a destination.
 *
 * @param recordFile in a folder of the cache folder
 * @param trusted `false` looks at nothing that earlier runs recorded
 */
export function openRecord(recordFile: string, trusted = true): PublishRecord {
  const earlier = { ...NOTHING, ...(trusted && readRecord(recordFile)) };
  const indexOf = indexNames(earlier.columns.publicPaths);
  const kept = new Set<number>();
  const news = createColumns();
  const newIndexes = new Map<string, number>();
  const sureIndexes = new Set<number>();
  const memory = new Map(Object.entries(earlier.memory));
  let hasNewMemory = false;
  let run = earlier.run;
  let believed = true;

  return {
    problem: earlier.problem,
    believe(lastRun) {
      believed = lastRun === run;
    },
    publishedBy(id) {
      run = id;
    },
    get(publicPath) {
      const index = believed ? indexOf(publicPath) : undefined;
      return index === undefined ? undefined : entryAt(earlier.columns, index);
    },
    keep(publicPath) {
      const index = indexOf(publicPath);
      if (index !== undefined) kept.add(index);
    },
    isKept(publicPath) {
      const index = indexOf(publicPath);
      return index !== undefined && kept.has(index);
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
    recall: (processor) => made(memory.get(processor)),
    remember(processor, value) {
      memory.set(processor, value);
      hasNewMemory = true;
    },
    save(startedAt) {
      const allKept = kept.size === earlier.columns.publicPaths.length;
      if (trusted && !hasNewMemory && allKept && newIndexes.size === 0 && run === earlier.run)
        return markUsed(recordFile);
      const settled = [...newIndexes.values()].filter(
        (index) => sureIndexes.has(index) || isSettled(entryAt(news, index).source, startedAt),
      );
      const columns = storeColumns([
        { columns: earlier.columns, indexes: [...kept] },
        { columns: news, indexes: settled },
      ]);
      const remembered = Array.from(memory, ([processor, value]) => [processor, made(value)]);
      const stored: StoredRecord = { run, columns, memory: Object.fromEntries(remembered) };
      makeCacheFolder(path.dirname(path.dirname(recordFile)));
      writeSealedFile(KIND, recordFile, serialize(stored));
    },
  };
}

function made(value: unknown): unknown {
  return typeof value === 'function' ? value() : value;
}

/** What an earlier run has recorded. */
interface EarlierRecord {
  readonly run: string | undefined;
  readonly columns: RecordColumns;
  readonly memory: StoredRecord['memory'];
  readonly problem?: unknown;
}

const NOTHING: EarlierRecord = { run: undefined, columns: createColumns(), memory: {} };

/** If there is none that verifies, the files themselves are compared. */
function readRecord(recordFile: string): Partial<EarlierRecord> {
  try {
    const bytes = readSealedFile(KIND, recordFile);
    if (bytes === undefined) return {};
    const { run, columns, memory } = deserialize(bytes) as StoredRecord;
    return { run, columns: restoreColumns(columns), memory };
  } catch (error) {
    // V8 does not read what a newer version of it has written.
    return systemErrorCode(error) === undefined ? {} : { problem: error };
  }
}

/** Where a name stands in a list; `undefined` where it does not. */
export type IndexOf = (name: string) => number | undefined;

/**
 * Finds names in a list without repetitions. Where they are asked for in the order of the list, once or again and
 * again, as an unchanged run does, no table of them is needed: making one takes longer than all the rest of looking up tens of thousands.
 */
export function indexNames(names: readonly string[]): IndexOf {
  let next = 0;
  let table: Map<string, number> | undefined;
  return (name) => {
    if (names[next] === name) return next++;
    if (next > 0 && names[next - 1] === name) return next - 1;
    table ??= new Map(names.map((each, index) => [each, index]));
    const index = table.get(name);
    if (index !== undefined) next = index + 1;
    return index;
  };
}
