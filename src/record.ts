import fs from 'node:fs';
import path from 'node:path';
import { type FileStamp, isSettled } from './file-stamp.js';

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

/** What is known of a destination, by public path. Losing it costs time, never correctness. */
export interface PublishRecord {
  /** What an earlier run recorded. */
  get(publicPath: string): RecordedFile | undefined;
  /** Notes that what was recorded is still true. */
  keep(publicPath: string): void;
  /** Notes what this run knows. */
  set(publicPath: string, entry: RecordedFile): void;
  /** What a processor remembered; `undefined` where there is nothing. */
  recall(processor: string): unknown;
  /** Remembers a value that JSON can hold for a processor. */
  remember(processor: string, value: unknown): void;
  /** Writes what was kept and set, if that is not what was there already. Throws raw system errors. */
  save(startedAt: number): void;
}

const VERSION = 2;
const FIELDS = 6;

/** The form on disk: columns, since 50,000 objects of numbers take JSON ten times as long. */
interface StoredRecord {
  readonly version: number;
  readonly publicPaths: readonly string[];
  readonly sourcePaths: readonly string[];
  readonly hashes: readonly string[];
  /** Base64 of doubles, six a file: the source's size, mtimeMs, ctimeMs, ino; the published file's size, mtimeMs. */
  readonly numbers: string;
  /** By processor. */
  readonly memory: Readonly<Record<string, unknown>>;
}

/**
 * Opens the record of a destination.
 *
 * @param trusted `false` looks at nothing that earlier runs recorded
 */
export function openRecord(recordFile: string, trusted = true): PublishRecord {
  const stored = (trusted && readStored(recordFile)) || NOTHING;
  const numbers = new Float64Array(new Uint8Array(Buffer.from(stored.numbers, 'base64')).buffer);
  const indexes = new Map(stored.publicPaths.map((publicPath, index) => [publicPath, index]));
  const kept = new Set<string>();
  const added = new Map<string, RecordedFile>();
  const memory = new Map(Object.entries(stored.memory));
  let remembered = false;

  // Made when asked for: tens of thousands of objects that live on would keep the garbage collector busy.
  function get(publicPath: string): RecordedFile | undefined {
    const index = indexes.get(publicPath);
    return index === undefined ? undefined : entryAt(stored, numbers, index);
  }

  return {
    get,
    keep: (publicPath) => kept.add(publicPath),
    set: (publicPath, entry) => added.set(publicPath, entry),
    recall: (processor) => memory.get(processor),
    remember(processor, value) {
      memory.set(processor, value);
      remembered = true;
    },
    save(startedAt) {
      const settled = [...added].filter(([, entry]) => isSettled(entry.source, startedAt));
      if (trusted && !remembered && settled.length === 0 && kept.size === indexes.size) return;
      const entries = Array.from(kept, (publicPath) => [publicPath, get(publicPath)!] as const);
      writeRecord(recordFile, [...entries, ...settled], Object.fromEntries(memory));
    },
  };
}

const NOTHING: StoredRecord = {
  version: VERSION,
  publicPaths: [],
  sourcePaths: [],
  hashes: [],
  numbers: '',
  memory: {},
};

function entryAt(stored: StoredRecord, numbers: Float64Array, index: number): RecordedFile {
  // Read one by one: destructuring a typed array is ten times as slow, and this runs for every file.
  const at = index * FIELDS;
  const source = {
    size: numbers[at]!,
    mtimeMs: numbers[at + 1]!,
    ctimeMs: numbers[at + 2]!,
    ino: numbers[at + 3]!,
  };
  const sourcePath = stored.sourcePaths[index]!;
  return {
    sourcePath,
    source,
    hash: stored.hashes[index]!,
    size: numbers[at + 4]!,
    targetMtimeMs: numbers[at + 5]!,
  };
}

function writeRecord(
  recordFile: string,
  entries: readonly (readonly [string, RecordedFile])[],
  memory: StoredRecord['memory'],
): void {
  const numbers = new Float64Array(entries.length * FIELDS);
  let at = 0;
  for (const [, { source, size, targetMtimeMs }] of entries) {
    numbers[at++] = source.size;
    numbers[at++] = source.mtimeMs;
    numbers[at++] = source.ctimeMs;
    numbers[at++] = source.ino;
    numbers[at++] = size;
    numbers[at++] = targetMtimeMs;
  }
  const stored: StoredRecord = {
    version: VERSION,
    publicPaths: entries.map(([publicPath]) => publicPath),
    sourcePaths: entries.map(([, { sourcePath }]) => sourcePath),
    hashes: entries.map(([, { hash }]) => hash),
    numbers: Buffer.from(numbers.buffer).toString('base64'),
    memory,
  };
  replaceFile(recordFile, JSON.stringify(stored));
}

/** Absent, unreadable, damaged or of another version: all the same, the files themselves are compared then. */
function readStored(recordFile: string): StoredRecord | undefined {
  try {
    const stored = JSON.parse(fs.readFileSync(recordFile, 'utf8')) as StoredRecord;
    const count = stored.publicPaths.length;
    const bytes = Buffer.byteLength(stored.numbers, 'base64');
    const columns = [stored.sourcePaths.length, stored.hashes.length, bytes / FIELDS / 8];
    const whole = columns.every((length) => length === count) && typeof stored.memory === 'object';
    return stored.version === VERSION && whole ? stored : undefined;
  } catch {
    return undefined;
  }
}

function replaceFile(filePath: string, text: string): void {
  fs.mkdirSync(path.dirname(filePath), { recursive: true });
  const temporary = `${filePath}.${process.pid}.tmp`;
  fs.writeFileSync(temporary, text);
  fs.renameSync(temporary, filePath);
}
