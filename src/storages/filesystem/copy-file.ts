import fs from 'node:fs';
import { describeSystemError, StaticFilesError } from '../../errors.js';
import { type FileStamp, sameStamp, stampOf } from '../../file-stamp.js';

/** One file to be copied to where it is staged. */
export interface CopyJob {
  /** Absolute path of the source. */
  readonly from: string;
  /** Absolute path of the copy, where nothing stands yet. */
  readonly to: string;
  /** For messages: the path that the file is to have in the end. */
  readonly target: string;
  /** The state that the source must be in. */
  readonly stamp?: FileStamp;
}

/** The mode of new files; `chmod` where the umask would take bits away from it. */
export interface FileMode {
  readonly mode: number;
  readonly chmod: boolean;
}

// Without O_NONBLOCK, opening a FIFO that took a file's place after the walk would hang for ever.
const OPEN_SOURCE = fs.constants.O_RDONLY | (fs.constants.O_NONBLOCK ?? 0);
const BUFFER_SIZE = 1024 * 1024;
let sharedBuffer: Buffer | undefined;

/**
 * Copies one file with its modification time: nine system calls, one buffer for all files.
 * Throws `source` where the source cannot be read or changes meanwhile, `target` where the copy cannot be written.
 */
export function copyFile(job: CopyJob, mode: FileMode): FileStamp {
  sharedBuffer ??= Buffer.allocUnsafeSlow(BUFFER_SIZE);
  const source = openSource(job);
  try {
    const stamp = readingSource(job, () => checkedStamp(source, job));
    const target = writingTarget(job.target, () => fs.openSync(job.to, 'wx', mode.mode));
    try {
      copyContents(source, target, stamp, job, sharedBuffer);
      writingTarget(job.target, () => finishTarget(target, stamp.mtimeMs, mode));
    } finally {
      fs.closeSync(target);
    }
    return stamp;
  } finally {
    fs.closeSync(source);
  }
}

/** Writes bytes that a processor made. */
export function writeBytes(bytes: Uint8Array, to: string, target: string, mode: FileMode): void {
  writingTarget(target, () => {
    const descriptor = fs.openSync(to, 'wx', mode.mode);
    try {
      writeAll(descriptor, bytes, bytes.length);
      if (mode.chmod) fs.fchmodSync(descriptor, mode.mode);
    } finally {
      fs.closeSync(descriptor);
    }
  });
}

function openSource(job: CopyJob): number {
  return readingSource(job, () => fs.openSync(job.from, OPEN_SOURCE));
}

function checkedStamp(source: number, job: CopyJob): FileStamp {
  const stats = fs.fstatSync(source);
  const stamp = stampOf(stats);
  if (!stats.isFile() || (job.stamp && !sameStamp(stamp, job.stamp))) throw changedMeanwhile(job);
  return stamp;
}

function copyContents(source: number, target: number, stamp: FileStamp, job: CopyJob, buffer: Buffer): void {
  let copied = 0;
  for (;;) {
    const length = readingSource(job, () => fs.readSync(source, buffer, 0, buffer.length, null));
    if (length > 0) writingTarget(job.target, () => writeAll(target, buffer, length));
    copied += length;
    // A small file comes whole in one read; only a longer one can be caught between two states.
    if (length < buffer.length && copied === stamp.size && copied === length) return;
    if (length === 0) break;
  }
  if (copied !== stamp.size || !sameStamp(stampOf(fs.fstatSync(source)), stamp)) throw changedMeanwhile(job);
}

function writeAll(descriptor: number, bytes: Uint8Array, length: number): void {
  let written = 0;
  while (written < length) written += fs.writeSync(descriptor, bytes, written, length - written);
}

/** Sets what the copy has of its source, and its mode. (A double of seconds keeps the time to about 0.25 µs.) */
function finishTarget(target: number, mtimeMs: number, mode: FileMode): void {
  fs.futimesSync(target, mtimeMs / 1000, mtimeMs / 1000);
  if (mode.chmod) fs.fchmodSync(target, mode.mode);
}

function changedMeanwhile(job: CopyJob): StaticFilesError {
  return new StaticFilesError(
    'source',
    `'${job.from}' changed while it was being collected. Is a build still writing it? Run again when it is done.`,
  );
}

function readingSource<T>(job: CopyJob, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof StaticFilesError) throw error;
    throw new StaticFilesError('source', `Cannot read '${job.from}': ${describeSystemError(error)}.`, {
      cause: error,
    });
  }
}

/** Runs a step of writing; what it throws becomes an error that names the file as people know it. */
export function writingTarget<T>(target: string, write: () => T): T {
  try {
    return write();
  } catch (error) {
    if (error instanceof StaticFilesError) throw error;
    throw new StaticFilesError('target', `Cannot write '${target}': ${describeSystemError(error)}.`, {
      cause: error,
    });
  }
}
