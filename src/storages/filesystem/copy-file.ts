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

const buffer = Buffer.allocUnsafeSlow(1024 * 1024);

/**
 * Copies one file, with its modification time, to a path that does not exist yet. Yields within a large file, so that
 * signals and progress get their turn.
 *
 * @param expected the state that the source must be in
 * @returns the state that was copied
 * @throws CopyError
 */
export function* copyFile(
  from: string,
  to: string,
  expected: FileStamp | undefined,
  mode: FileMode,
): Generator<void, FileStamp> {
  let side: FailedSide = 'source';
  let source: number | undefined;
  let target: number | undefined;
  try {
    source = openSource(from);
    const stats = fs.fstatSync(source);
    const stamp = stampOf(stats);
    if (!stats.isFile() || (expected && !sameStamp(stamp, expected))) throw new CopyError('changed');
    let length = fs.readSync(source, buffer, 0, buffer.length, null);
    side = 'target';
    target = fs.openSync(to, 'wx', mode.mode);
    writeAll(target, buffer, length);
    if (length !== stamp.size || length === buffer.length) length = yield* copyRest(source, target, length);
    // A small file is read at once. Only a longer one can change between two reads.
    if (length !== stamp.size) throw new CopyError('changed');
    if (length >= buffer.length && !sameStamp(stampOf(fs.fstatSync(source)), stamp))
      throw new CopyError('changed');
    // Seconds as a double keep the time to about 0.25 µs.
    fs.futimesSync(target, stamp.mtimeMs / 1000, stamp.mtimeMs / 1000);
    if (mode.chmod) fs.fchmodSync(target, mode.mode);
    return stamp;
  } catch (error) {
    throw error instanceof CopyError ? error : new CopyError(side, error);
  } finally {
    if (source !== undefined) fs.closeSync(source);
    if (target !== undefined) fs.closeSync(target);
  }
}

function* copyRest(source: number, target: number, copied: number): Generator<void, number> {
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
