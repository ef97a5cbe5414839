import fs from 'node:fs';
import { describeSystemError, StaticFilesError, systemErrorCode } from '../errors.js';
import { openSource, readRegularFileSync } from '../files/bytes.js';
import { type FileStamp, readStamp, sameStamp, stampOf } from '../files/stamp.js';
import { quoted } from '../text/printable.js';
import type { Body, Output } from './output.js';
import { splice, splicePieces } from './splice.js';

/**
 * The bytes of an output.
 *
 * @throws StaticFilesError `source` where the file is not in the state that a processor saw
 */
export function readBody(body: Body): Uint8Array {
  if (body.kind === 'bytes') return body.bytes;
  if (body.kind === 'file') return readInState(body.file, body.stamp);
  return splice(readInState(body.rewritten, body.stamp), body.insertions);
}

function readInState(file: string, stamp: FileStamp | undefined): Buffer {
  const bytes = readRegularFileSync(file);
  if (stamp && !sameStamp(readStamp(file), stamp)) throw changedMeanwhile(file);
  return bytes;
}

const KINDS = ['bytes', 'file', 'rewritten'] as const;

/** A copy of an output for each without a kind of body: a run that gets the same output again gives the same copy. */
const completed = new WeakMap<Output, Output>();

/** Returns the output with the kind of its body, which JavaScript may leave out. A getter is not called. */
export function withBodyKind(output: Output): Output {
  if (output.body.kind !== undefined) return output;
  const known = completed.get(output);
  if (known !== undefined) return known;
  const kind = KINDS.find((each) => each in output.body);
  const body = Object.defineProperties({ kind }, Object.getOwnPropertyDescriptors(output.body)) as Body;
  const complete = { ...output, body };
  completed.set(output, complete);
  return complete;
}

/** The same body, which is then published only in the state that its file has now. Throws raw system errors. */
export function inItsState(body: Body): Body {
  return body.kind === 'file' ? { ...body, stamp: body.stamp ?? readStamp(body.file) } : body;
}

/** The error for a source that was seen in two states during one run. */
export function changedMeanwhile(file: string, cause?: unknown): StaticFilesError {
  return new StaticFilesError(
    'source',
    `${quoted(file)} changed while it was being collected. Is a build still writing it? Run again when it is done.`,
    { cause },
  );
}

/**
 * The bytes of an output piece by piece, for what may be large.
 *
 * @throws StaticFilesError `source` before the last piece where the file is not in the state that a processor saw
 */
export function bodyPieces(body: Body): AsyncIterable<Uint8Array> | Iterable<Uint8Array> {
  if (body.kind === 'bytes') return [body.bytes];
  if (body.kind === 'file') return filePieces(body.file, body.stamp ?? readStamp(body.file));
  return splicePieces(filePieces(body.rewritten, body.stamp), body.insertions);
}

const PIECE = 1024 * 1024;

/** The last piece comes only when the file is still in the state that it had at the first one. */
async function* filePieces(file: string, stamp: FileStamp): AsyncGenerator<Buffer> {
  const handle = openSource(file);
  try {
    let left = stamp.size;
    let last: Buffer | undefined;
    while (left > 0) {
      const piece = await read(handle, Math.min(PIECE, left));
      if (piece.length === 0) break;
      if (last) yield last;
      last = piece;
      left -= piece.length;
    }
    if (left > 0 || !sameStamp(stampOf(fs.fstatSync(handle)), stamp)) throw changedMeanwhile(file);
    if (last) yield last;
  } finally {
    fs.closeSync(handle);
  }
}

function read(descriptor: number, size: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    fs.read(descriptor, Buffer.allocUnsafeSlow(size), 0, size, null, (error, length, buffer) => {
      if (error) reject(error);
      else resolve(buffer.subarray(0, length));
    });
  });
}

/** Runs a step that reads an output's source; a system error then names the file as a person knows it. */
export function nameSourceErrors<T>(output: Output, step: () => T): T {
  try {
    return step();
  } catch (error) {
    throw named(error, output);
  }
}

/** Awaits a step that reads an output's source; a system error then names the file as a person knows it. */
export async function nameSourceErrorsOf<T>(output: Output, step: Promise<T>): Promise<T> {
  try {
    return await step;
  } catch (error) {
    throw named(error, output);
  }
}

function named(error: unknown, output: Output): unknown {
  if (error instanceof StaticFilesError || systemErrorCode(error) === undefined) return error;
  const file = output.body.kind === 'file' ? output.body.file : output.logicalPath;
  return new StaticFilesError('source', `Cannot read ${quoted(file)}: ${describeSystemError(error)}.`, {
    cause: error,
  });
}
