import path from 'node:path';
import { deserialize, serialize } from 'node:v8';
import { systemErrorCode } from '../errors.js';
import { type FileStamp, isSettled } from '../files/stamp.js';
import { defineTable, group, number, type PackedTable, stamp, type Table, text } from '../files/table.js';
import { makeCacheFolder } from './cache-folder.js';
import { readSealedFile, writeSealedFile } from './sealed-file.js';
import { markUsed } from './uses.js';

/** State of a published file and its source when the file was published, or last compared and found equal. */
export interface RecordedFile {
  readonly sourcePath: string;
  readonly source: FileStamp;
  /** Hash of the published bytes if a processor made them; `''` if they are those of the source. */
  readonly hash: string;
  /** Size of the published file, in bytes. */
  readonly size: number;
  /** Time of the published file, in milliseconds since 1970. */
  readonly targetMtimeMs: number;
}

/** Column of {@link RecordedFile}s. */
export const RECORDED_FILE = group({
  sourcePath: text,
  source: stamp,
  hash: text,
  size: number,
  targetMtimeMs: number,
});

/** Source of bytes that come from no file. Their hash alone proves them. */
export const OF_NO_FILE: Pick<RecordedFile, 'sourcePath' | 'source'> = {
  sourcePath: '',
  source: { size: 0, mtimeMs: 0, ctimeMs: 0, ino: 0 },
};

/**
 * What this machine remembers of the last run at a destination, by public path. Losing it costs time, never
 * correctness.
 */
export interface PublishRecord {
  /** The system error that kept it from being read. */
  readonly problem?: unknown;
  /**
   * Compares the run that last published to the destination with the one that this record is of. If they differ, the
   * recorded files prove nothing and `get` returns none: files of npm packages often have the same size and time.
   */
  believe(lastRun: string | undefined): void;
  /** Sets the run that the record is of when it is saved. */
  publishedBy(run: string | undefined): void;
  /** Returns what an earlier run recorded, if that is believed. */
  get(publicPath: string): RecordedFile | undefined;
  /** Notes that what was recorded is still true. */
  keep(publicPath: string): void;
  /** Whether {@link keep} was called for it in this run. */
  isKept(publicPath: string): boolean;
  /**
   * Records a file.
   *
   * @param sure whether the source's stamp proves its content even if the source has just changed
   */
  set(publicPath: string, file: RecordedFile, sure?: boolean): void;
  /** Files that earlier runs recorded, and that this one has neither kept nor set. */
  left(): Iterable<readonly [publicPath: string, file: RecordedFile]>;
  /** Returns the value that a processor saved; `undefined` if there is none. */
  recall(processor: string): unknown;
  /** Saves a value for a processor: one that the structured clone algorithm takes, or a function that makes it. */
  remember(processor: string, value: unknown): void;
  /** Writes the files that were kept and set, unless the record holds exactly those. Throws raw system errors. */
  save(startedAt: number): void;
}

/** Version of the file. Tables in it, and values of processors, have versions of their own. */
const KIND = 'record 6';

const FILES = defineTable('files 1', RECORDED_FILE);

/**
 * Content of the file, which V8 serialises (https://nodejs.org/api/v8.html#serialization-api) and which is then sealed.
 */
interface StoredRecord {
  /** The run that last published when this was recorded, if the storage knows it. */
  readonly run: string | undefined;
  readonly files: PackedTable;
  /** By processor. */
  readonly memory: Readonly<Record<string, unknown>>;
}

/**
 * Opens the record of a destination.
 *
 * @param recordFile absolute path, in a folder of the cache folder
 * @param trusted `false` ignores what earlier runs recorded
 */
export function openRecord(recordFile: string, trusted = true): PublishRecord {
  const earlier = trusted ? readRecord(recordFile) : NOTHING;
  const { files } = earlier;
  const kept = new Set<number>();
  const added = new Map<string, { readonly file: RecordedFile; readonly sure: boolean }>();
  const memory = new Map(Object.entries(earlier.memory));
  let hasNewMemory = false;
  let run = earlier.run;
  let believed = true;

  function* keptAndSettled(startedAt: number): Generator<readonly [string, RecordedFile]> {
    for (const index of kept) yield [files.keys[index]!, files.at(index)];
    for (const [publicPath, { file, sure }] of added) {
      if (sure || isSettled(file.source, startedAt)) yield [publicPath, file];
    }
  }

  return {
    problem: earlier.problem,
    believe(lastRun) {
      believed = lastRun === run;
    },
    publishedBy(id) {
      run = id;
    },
    get: (publicPath) => (believed ? files.get(publicPath) : undefined),
    keep(publicPath) {
      const index = files.indexOf(publicPath);
      if (index !== undefined) kept.add(index);
    },
    isKept(publicPath) {
      const index = files.indexOf(publicPath);
      return index !== undefined && kept.has(index);
    },
    set(publicPath, file, sure = false) {
      const index = files.indexOf(publicPath);
      if (index !== undefined) kept.delete(index);
      added.set(publicPath, { file, sure });
    },
    *left() {
      if (kept.size === files.keys.length) return;
      for (const [index, publicPath] of files.keys.entries()) {
        if (!kept.has(index) && !added.has(publicPath)) yield [publicPath, files.at(index)];
      }
    },
    recall: (processor) => resolved(memory.get(processor)),
    remember(processor, value) {
      memory.set(processor, value);
      hasNewMemory = true;
    },
    save(startedAt) {
      const isSame = kept.size === files.keys.length && added.size === 0 && run === earlier.run;
      if (trusted && isSame && !hasNewMemory) return markUsed(recordFile);
      const values = Array.from(memory, ([processor, value]) => [processor, resolved(value)]);
      const stored: StoredRecord = {
        run,
        files: FILES.pack(keptAndSettled(startedAt)),
        memory: Object.fromEntries(values),
      };
      makeCacheFolder(path.dirname(path.dirname(recordFile)));
      writeSealedFile(KIND, recordFile, serialize(stored));
    },
  };
}

function resolved(value: unknown): unknown {
  return typeof value === 'function' ? value() : value;
}

/** A record as an earlier run saved it. */
interface EarlierRecord extends Pick<StoredRecord, 'run' | 'memory'> {
  readonly files: Table<RecordedFile>;
  readonly problem?: unknown;
}

const NOTHING: EarlierRecord = { run: undefined, files: FILES.open(undefined), memory: {} };

/** Reads a record. Without one that verifies, a run compares the files themselves. */
function readRecord(recordFile: string): EarlierRecord {
  try {
    const bytes = readSealedFile(KIND, recordFile);
    if (bytes === undefined) return NOTHING;
    const { run, files, memory } = deserialize(bytes) as StoredRecord;
    return { run, files: FILES.open(files), memory };
  } catch (error) {
    // V8 cannot read what a newer version of it has written.
    return systemErrorCode(error) === undefined ? NOTHING : { ...NOTHING, problem: error };
  }
}
