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

/** What is known of a destination from earlier runs, by public path. Losing it costs time, never correctness. */
export type PublishRecord = Map<string, RecordedFile>;

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

/** Reads a record; an empty one where there is none, or none that this version can read. */
export function readRecord(recordFile: string): PublishRecord {
  const record: PublishRecord = new Map();
  const stored = readStored(recordFile);
  if (stored === undefined) return record;
  const numbers = new Float64Array(new Uint8Array(Buffer.from(stored.numbers, 'base64')).buffer);
  let at = 0;
  stored.publicPaths.forEach((publicPath, index) => {
    const [size, mtimeMs, ctimeMs, ino] = [numbers[at++]!, numbers[at++]!, numbers[at++]!, numbers[at++]!];
    const source = { size, mtimeMs, ctimeMs, ino };
    record.set(publicPath, { sourcePath: stored.sourcePaths[index]!, source, targetMtimeMs: numbers[at++]! });
  });
  return record;
}

/** Replaces a record. Throws raw system errors. */
export function writeRecord(recordFile: string, record: PublishRecord): void {
  const numbers = new Float64Array(record.size * FIELDS);
  const sourcePaths: string[] = [];
  let at = 0;
  for (const { sourcePath, source, targetMtimeMs } of record.values()) {
    sourcePaths.push(sourcePath);
    numbers[at++] = source.size;
    numbers[at++] = source.mtimeMs;
    numbers[at++] = source.ctimeMs;
    numbers[at++] = source.ino;
    numbers[at++] = targetMtimeMs;
  }
  const stored: StoredRecord = {
    version: VERSION,
    publicPaths: [...record.keys()],
    sourcePaths,
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

/** A file system's clock moves in ticks; within one, a file can change twice and show one and the same time. */
const TICK_MS = 20;
/** Where times have no fraction of a second, the file system may keep them to two seconds (FAT). */
const COARSE_TICK_MS = 2000;

/**
 * Takes out the entries whose sources had not come to rest before a moment: a younger one may have changed after its
 * stamp was taken without showing it, and is compared again at the next run.
 *
 * @param startedAt when the run began, milliseconds since 1970
 */
export function dropUnsettled(record: PublishRecord, startedAt: number): void {
  for (const [publicPath, { source }] of record) {
    const tick = source.ctimeMs % 1000 === 0 ? COARSE_TICK_MS : TICK_MS;
    if (source.ctimeMs >= startedAt - tick) record.delete(publicPath);
  }
}

/** Whether two records say the same. Entries that were carried over are the same objects. */
export function sameRecord(a: PublishRecord, b: PublishRecord): boolean {
  if (a.size !== b.size) return false;
  for (const [publicPath, entry] of a) {
    if (b.get(publicPath) !== entry) return false;
  }
  return true;
}
