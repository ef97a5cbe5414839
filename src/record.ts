import fs from 'node:fs';
import path from 'node:path';
import type { FileStamp } from './file-stamp.js';

/** What was true of a file when it was published, or last compared and found equal. */
export interface RecordedFile {
  readonly sourcePath: string;
  readonly source: FileStamp;
  /** Modification time of the published file, milliseconds. Its size is the source's. */
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
  /** Writes what was kept and set, if that is not what was there already. Throws raw system errors. */
  save(startedAt: number): void;
}

const VERSION = 1;
const FIELDS = 5;

/** The form on disk: columns, since 50,000 objects of numbers take JSON ten times as long. */
interface StoredRecord {
  readonly version: number;
  readonly publicPaths: readonly string[];
  readonly sourcePaths: readonly string[];
  /** Base64 of doubles, five a file: size, mtimeMs, ctimeMs, ino, targetMtimeMs. */
  readonly numbers: string;
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

  // Made when asked for: tens of thousands of objects that live on would keep the garbage collector busy.
  function get(publicPath: string): RecordedFile | undefined {
    const index = indexes.get(publicPath);
    return index === undefined ? undefined : entryAt(stored.sourcePaths[index]!, numbers, index * FIELDS);
  }

  return {
    get,
    keep: (publicPath) => kept.add(publicPath),
    set: (publicPath, entry) => added.set(publicPath, entry),
    save(startedAt) {
      const settled = [...added].filter(([, entry]) => isSettled(entry.source, startedAt));
      if (trusted && settled.length === 0 && kept.size === indexes.size) return;
      const entries = Array.from(kept, (publicPath) => [publicPath, get(publicPath)!] as const);
      writeRecord(recordFile, [...entries, ...settled]);
    },
  };
}

const NOTHING: StoredRecord = { version: VERSION, publicPaths: [], sourcePaths: [], numbers: '' };

function entryAt(sourcePath: string, numbers: Float64Array, at: number): RecordedFile {
  const source = {
    size: numbers[at]!,
    mtimeMs: numbers[at + 1]!,
    ctimeMs: numbers[at + 2]!,
    ino: numbers[at + 3]!,
  };
  return { sourcePath, source, targetMtimeMs: numbers[at + 4]! };
}

/** A file system's clock moves in ticks; within one, a file can change twice and show one and the same time. */
const TICK_MS = 20;
/** Where times have no fraction of a second, the file system may keep them to two seconds (FAT). */
const COARSE_TICK_MS = 2000;

/**
 * Whether a file had come to rest before a moment: a younger one may have changed after its stamp was taken without
 * showing it, and is compared again at the next run.
 */
function isSettled({ ctimeMs }: FileStamp, startedAt: number): boolean {
  return ctimeMs < startedAt - (ctimeMs % 1000 === 0 ? COARSE_TICK_MS : TICK_MS);
}

function writeRecord(recordFile: string, entries: readonly (readonly [string, RecordedFile])[]): void {
  const numbers = new Float64Array(entries.length * FIELDS);
  let at = 0;
  for (const [, { source, targetMtimeMs }] of entries) {
    numbers[at++] = source.size;
    numbers[at++] = source.mtimeMs;
    numbers[at++] = source.ctimeMs;
    numbers[at++] = source.ino;
    numbers[at++] = targetMtimeMs;
  }
  const stored: StoredRecord = {
    version: VERSION,
    publicPaths: entries.map(([publicPath]) => publicPath),
    sourcePaths: entries.map(([, { sourcePath }]) => sourcePath),
    numbers: Buffer.from(numbers.buffer).toString('base64'),
  };
  replaceFile(recordFile, JSON.stringify(stored));
}

/** Absent, unreadable, damaged or of another version: all the same, the files themselves are compared then. */
function readStored(recordFile: string): StoredRecord | undefined {
  try {
    const stored = JSON.parse(fs.readFileSync(recordFile, 'utf8')) as StoredRecord;
    const count = stored.publicPaths.length;
    const bytes = Buffer.byteLength(stored.numbers, 'base64');
    const whole = stored.sourcePaths.length === count && bytes === count * FIELDS * 8;
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
