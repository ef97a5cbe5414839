import path from 'node:path';
import { systemErrorCode } from '../errors.js';
import { type FileStamp, isSettled } from '../files/stamp.js';
import {
  converted,
  defineTable,
  group,
  number,
  type PackedTable,
  sizeAndTime,
  stamp,
  type Table,
  text,
} from '../files/table.js';
import { makeCacheFolder } from './cache-folder.js';
import { openSealedParts, type SealedPart, type SealedParts, writeSealedParts } from './sealed-file.js';
import { deserializedPieces, serializedPieces } from './serialized.js';
import { markUsed } from './uses.js';

/** State of a published file when it was published, or last compared and found equal. */
export interface PublishedFile {
  /** Bytes. */
  readonly size: number;
  /** Milliseconds since 1970. */
  readonly targetMtimeMs: number;
}

/** State of a published file and its source when the file was published, or last compared and found equal. */
export interface RecordedFile extends PublishedFile {
  readonly sourcePath: string;
  readonly source: FileStamp;
  /** Hash of the published bytes if a processor made them; `''` if they are those of the source. */
  readonly hash: string;
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
   *
   * @returns whether they are the same
   */
  believe(lastRun: string | undefined): boolean;
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
  /** Size and time of each file that an earlier run recorded. Does not read what was recorded of the sources. */
  published(): Table<PublishedFile>;
  /** Returns what {@link save} would write of a file; `undefined` if it would write nothing. */
  saved(publicPath: string, startedAt: number): RecordedFile | undefined;
  /** Whether {@link save} would write exactly the files that an earlier run recorded. */
  hasSameFiles(): boolean;
  /** Returns the {@link rememberRun} of the run that recorded exactly the files of the record. */
  recallRun(): unknown;
  /** Saves a value that is true of this run alone. It is lost as soon as other files are recorded without one. */
  rememberRun(value: unknown): void;
  /** Notes that an unchanged record was used. Throws raw system errors. */
  markUsed(): void;
  /** Writes the files that were kept and set, unless the record holds exactly those. Throws raw system errors. */
  save(startedAt: number): void;
}

/** Version of the file. Tables in it, and values of processors, have versions of their own. */
const KIND = 'record 8';

/**
 * The parts of the file (`serialized.ts`). A run that finds nothing changed reads the first one only. Each value of a
 * processor is a part of its own.
 */
const PUBLISHED = 'published';
const SOURCES = 'sources';
const MEMORY = 'memory ';

interface PublishedPart {
  /** The run that last published when this was recorded, if the storage knows it. */
  readonly run: string | undefined;
  readonly files: PackedTable;
  /** The value of {@link PublishRecord.rememberRun}. */
  readonly made: unknown;
}

const PUBLISHED_FILES = defineTable(
  'published files 1',
  converted(
    sizeAndTime,
    ({ size, targetMtimeMs }: PublishedFile) => ({ size, mtimeMs: targetMtimeMs }),
    ({ size, mtimeMs }) => ({ size, targetMtimeMs: mtimeMs }),
  ),
);

/** What was recorded of the sources, in the order of the published files. */
const SOURCE_FILES = group({ sourcePath: text, source: stamp, hash: text });

/**
 * Opens the record of a destination.
 *
 * @param recordFile absolute path, in a folder of the cache folder
 * @param trusted `false` ignores what earlier runs recorded
 */
export function openRecord(recordFile: string, trusted = true): PublishRecord {
  const earlier = trusted ? readRecord(recordFile) : NOTHING;
  const published = memoized(() => earlier.read<PublishedPart>(PUBLISHED));
  const publishedFiles = memoized(() => PUBLISHED_FILES.open(published()?.files));
  const files = memoized(() => joined(publishedFiles(), earlier.read(SOURCES)));
  const kept = new Set<number>();
  const added = new Map<string, RecordedFile>();
  const sure = new Set<string>();
  const memory = new Map<string, unknown>();
  const recalled = new Map<string, unknown>();
  let made: { readonly value: unknown } | undefined;
  let run: { readonly id: string | undefined } | undefined;
  let believed = true;

  function* keptAndSettled(startedAt: number): Generator<readonly [string, RecordedFile]> {
    for (const index of kept) yield [files().keys[index]!, files().at(index)];
    for (const entry of added) if (isProof(...entry, startedAt)) yield entry;
  }

  function isProof(publicPath: string, { source }: RecordedFile, startedAt: number): boolean {
    return isSettled(source, startedAt) || sure.has(publicPath);
  }

  function hasSameFiles(): boolean {
    const isSameRun = run === undefined || run.id === published()?.run;
    return isSameRun && added.size === 0 && kept.size === files().keys.length;
  }

  /** The parts of the file, each packed when it is asked for. */
  function* packedParts(startedAt: number): Generator<SealedPart> {
    const count = kept.size + added.size;
    const part: PublishedPart = {
      run: run ? run.id : published()?.run,
      files: PUBLISHED_FILES.pack(keptAndSettled(startedAt), count),
      made: made ? made.value : hasSameFiles() ? published()?.made : undefined,
    };
    yield [PUBLISHED, serializedPieces(part)];
    const sources = SOURCE_FILES.packer(count);
    for (const [, file] of keptAndSettled(startedAt)) sources.add(file);
    yield [SOURCES, serializedPieces(sources.packed())];
    yield* memoryParts();
  }

  /** The values of processors, packed. Those that no processor has replaced are copied. */
  function* memoryParts(): Generator<SealedPart> {
    for (const name of earlier.names) {
      const isReplaced = memory.has(name.slice(MEMORY.length));
      const bytes = name.startsWith(MEMORY) && !isReplaced ? earlier.readBytes(name) : undefined;
      if (bytes) yield [name, [bytes]];
    }
    for (const [processor, value] of memory) yield [MEMORY + processor, serializedPieces(resolved(value))];
  }

  return {
    problem: earlier.problem,
    believe(lastRun) {
      believed = lastRun === published()?.run;
      return believed;
    },
    publishedBy(id) {
      run = { id };
    },
    get: (publicPath) => (believed ? files().get(publicPath) : undefined),
    keep(publicPath) {
      const index = files().indexOf(publicPath);
      if (index !== undefined) kept.add(index);
    },
    isKept(publicPath) {
      const index = files().indexOf(publicPath);
      return index !== undefined && kept.has(index);
    },
    set(publicPath, file, isSure = false) {
      const index = files().indexOf(publicPath);
      if (index !== undefined) kept.delete(index);
      added.set(publicPath, file);
      if (isSure) sure.add(publicPath);
      else sure.delete(publicPath);
    },
    *left() {
      if (kept.size === files().keys.length) return;
      for (const [index, publicPath] of files().keys.entries()) {
        if (!kept.has(index) && !added.has(publicPath)) yield [publicPath, files().at(index)];
      }
    },
    recall(processor) {
      if (memory.has(processor)) return resolved(memory.get(processor));
      if (!recalled.has(processor)) recalled.set(processor, earlier.read(MEMORY + processor));
      return recalled.get(processor);
    },
    remember(processor, value) {
      memory.set(processor, value);
    },
    published: publishedFiles,
    saved(publicPath, startedAt) {
      const given = added.get(publicPath);
      if (given) return isProof(publicPath, given, startedAt) ? given : undefined;
      const index = files().indexOf(publicPath);
      return index !== undefined && kept.has(index) ? files().at(index) : undefined;
    },
    hasSameFiles,
    recallRun: () => published()?.made,
    rememberRun(value) {
      made = { value };
    },
    markUsed: () => markUsed(recordFile),
    save(startedAt) {
      if (trusted && hasSameFiles() && memory.size === 0 && made === undefined) return markUsed(recordFile);
      makeCacheFolder(path.dirname(path.dirname(recordFile)));
      writeSealedParts(KIND, recordFile, packedParts(startedAt));
    },
  };
}

function memoized<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

function resolved(value: unknown): unknown {
  return typeof value === 'function' ? value() : value;
}

/** The published files with what was recorded of their sources; an empty table if that is damaged. */
function joined(published: Table<PublishedFile>, sources: unknown): Table<RecordedFile> {
  const sourceOf = SOURCE_FILES.open(sources, published.keys.length);
  if (sourceOf === undefined) return joined(PUBLISHED_FILES.open(undefined), NO_SOURCES);
  const at = (index: number): RecordedFile => {
    const { sourcePath, source, hash } = sourceOf(index);
    const { size, targetMtimeMs } = published.at(index);
    return { sourcePath, source, hash, size, targetMtimeMs };
  };
  return {
    ...published,
    at,
    get(key) {
      const index = published.indexOf(key);
      return index === undefined ? undefined : at(index);
    },
  };
}

const NO_SOURCES = SOURCE_FILES.pack([]);

/** A record as an earlier run saved it. */
interface EarlierRecord extends Pick<SealedParts, 'names'> {
  readBytes(part: string): Buffer | undefined;
  /** Reads a value; `undefined` if there is none that verifies. */
  read<Value>(part: string): Value | undefined;
  readonly problem?: unknown;
}

const NOTHING: EarlierRecord = { names: [], readBytes: () => undefined, read: () => undefined };

/** Opens a record. Without one that verifies, a run compares the files themselves. */
function readRecord(recordFile: string): EarlierRecord {
  try {
    const parts = openSealedParts(KIND, recordFile);
    if (parts === undefined) return NOTHING;
    const readBytes = (name: string) => unlessUnreadable(() => parts.read(name));
    return {
      names: parts.names,
      readBytes,
      read<Value>(name: string) {
        const bytes = readBytes(name);
        // V8 cannot read what a newer version of it has written.
        return bytes && unlessUnreadable(() => deserializedPieces(bytes) as Value);
      },
    };
  } catch (error) {
    return systemErrorCode(error) === undefined ? NOTHING : { ...NOTHING, problem: error };
  }
}

/** A part that cannot be read costs time: what it would have proved is compared. */
function unlessUnreadable<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
