import fs from 'node:fs';
import { describeSystemError, StaticFilesError } from '../../errors.js';
import { openSource } from '../../files/bytes.js';
import { type FileStamp, sameStamp, stampOf } from '../../files/stamp.js';
import { changedMeanwhile } from '../../model/body.js';

/** The mode of new files, and whether they need a chmod because the umask removes bits. */
export interface FileMode {
  readonly mode: number;
  readonly chmod: boolean;
}

/** Which part of a copy failed: reading, writing, or `changed` if the source changed while it was copied. */
export type FailedSide = 'source' | 'target' | 'changed';

/** Thrown if a copy fails. It says on which side; the cause says why. */
export class CopyError extends Error {
  readonly side: FailedSide;

  constructor(side: FailedSide, cause?: unknown) {
    super(describeSystemError(cause ?? side), { cause });
    this.side = side;
  }
}

const BUFFER_SIZE = 1024 * 1024;

/** Where sources are read to, and the last one that is there as a whole: a fingerprinted file is copied twice. */
export interface CopyBuffer {
  readonly bytes: Buffer;
  latest?: { readonly file: string; readonly stamp: FileStamp };
}

/** Returns a buffer for one copy at a time. */
export function newCopyBuffer(): CopyBuffer {
  return { bytes: Buffer.allocUnsafeSlow(BUFFER_SIZE) };
}

/**
 * Copies one file, with its modification time, to a path that does not exist yet. Yields within a large file, so that
 * signals and progress get their turn.
 *
 * @param expected the state that the source must be in
 * @param buffer if it holds the source in that state, the source is not read again
 * @returns the state that was copied
 * @throws CopyError
 */
export function* copyFile(
  from: string,
  to: string,
  expected: FileStamp | undefined,
  mode: FileMode,
  buffer: CopyBuffer = newCopyBuffer(),
): Generator<void, FileStamp> {
  const { latest } = buffer;
  if (latest?.file !== from || !expected || !sameStamp(latest.stamp, expected))
    return yield* readAndCopy(from, to, expected, mode, buffer);
  let target: number | undefined;
  try {
    target = fs.openSync(to, 'wx', mode.mode);
    writeAll(target, buffer.bytes, latest.stamp.size);
    finishCopy(target, latest.stamp, mode);
    return latest.stamp;
  } catch (error) {
    throw new CopyError('target', error);
  } finally {
    if (target !== undefined) fs.closeSync(target);
  }
}

function* readAndCopy(
  from: string,
  to: string,
  expected: FileStamp | undefined,
  mode: FileMode,
  buffer: CopyBuffer,
): Generator<void, FileStamp> {
  const { bytes } = buffer;
  let side: FailedSide = 'source';
  let source: number | undefined;
  let target: number | undefined;
  delete buffer.latest;
  try {
    source = openSource(from);
    const stats = fs.fstatSync(source);
    const now = stampOf(stats);
    if (!stats.isFile() || (expected && !sameStamp(now, expected))) throw new CopyError('changed');
    const stamp = expected ?? now; // one object for all that is kept of a file
    let length = fs.readSync(source, bytes, 0, bytes.length, null);
    const isWhole = length === stamp.size && length < bytes.length;
    side = 'target';
    target = fs.openSync(to, 'wx', mode.mode);
    writeAll(target, bytes, length);
    if (!isWhole) length = yield* copyRest(source, target, length, bytes);
    // A small file is read at once. Only a longer one can change between two reads.
    if (length !== stamp.size) throw new CopyError('changed');
    if (length >= bytes.length && !sameStamp(stampOf(fs.fstatSync(source)), stamp))
      throw new CopyError('changed');
    finishCopy(target, stamp, mode);
    if (isWhole) buffer.latest = { file: from, stamp };
    return stamp;
  } catch (error) {
    throw error instanceof CopyError ? error : new CopyError(side, error);
  } finally {
    if (source !== undefined) fs.closeSync(source);
    if (target !== undefined) fs.closeSync(target);
  }
}

/** Seconds as a double keep the time to about 0.25 µs. */
function finishCopy(target: number, { mtimeMs }: FileStamp, { mode, chmod }: FileMode): void {
  fs.futimesSync(target, mtimeMs / 1000, mtimeMs / 1000);
  if (chmod) fs.fchmodSync(target, mode);
}

function* copyRest(source: number, target: number, copied: number, buffer: Buffer): Generator<void, number> {
  let total = copied;
  for (;;) {
    yield;
    let length: number;
    try {
      length = fs.readSync(source, buffer, 0, buffer.length, null);
    } catch (error) {
      throw new CopyError('source', error);
    }
    if (length === 0) return total;
    writeAll(target, buffer, length);
    total += length;
  }
}

/** Writes bytes to a new file and returns its modification time in milliseconds. Throws raw system errors. */
export function writeBytes(bytes: Uint8Array, to: string, mode: FileMode): number {
  const descriptor = fs.openSync(to, 'wx', mode.mode);
  try {
    writeAll(descriptor, bytes, bytes.length);
    if (mode.chmod) fs.fchmodSync(descriptor, mode.mode);
    return fs.fstatSync(descriptor).mtimeMs;
  } finally {
    fs.closeSync(descriptor);
  }
}

function writeAll(descriptor: number, bytes: Uint8Array, length: number): void {
  let written = 0;
  while (written < length) written += fs.writeSync(descriptor, bytes, written, length - written);
}

/** Runs a step that writes. A system error then names the published file instead of a temporary one. */
export function writingTarget<T>(target: string, write: () => T): T {
  try {
    return write();
  } catch (error) {
    if (error instanceof StaticFilesError) throw error;
    throw cannotWrite(target, error);
  }
}

/** Returns the error for users, by the side that failed. */
export function explainCopyError(error: CopyError, from: string, target: string): StaticFilesError {
  if (error.side === 'target') return cannotWrite(target, error.cause);
  if (error.side === 'changed') return changedMeanwhile(from, error.cause);
  return new StaticFilesError('source', `Cannot read '${from}': ${error.message}.`, { cause: error.cause });
}

function cannotWrite(target: string, cause: unknown): StaticFilesError {
  return new StaticFilesError('target', `Cannot write '${target}': ${describeSystemError(cause)}.`, {
    cause,
  });
}
