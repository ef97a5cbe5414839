import fs from 'node:fs';
import { StaticFilesError, systemErrorCode } from '../errors.js';
import { cannotRead, openSource, readRegularFileSync } from '../files/bytes.js';
import { type FileStamp, readStamp, sameStamp, stampOf } from '../files/stamp.js';
import { quoted } from '../text/printable.js';
import type { Body, Output } from './output.js';
import { splice, splicePieces } from './splice.js';

/**
 * Returns the bytes of an output.
 *
 * @throws StaticFilesError `source` if the file has changed since a processor saw it. Other errors are raw system
 *   errors.
 * @example
 * const css = Buffer.from(readBody(output.body)).toString();
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

/**
 * Yields the bytes of an output piece by piece, without holding all of a large file.
 *
 * @throws StaticFilesError `source` before the last piece, if the file has changed since a processor saw it
 */
export function bodyPieces(body: Body): AsyncIterable<Uint8Array> | Iterable<Uint8Array> {
  if (body.kind === 'bytes') return [body.bytes];
  if (body.kind === 'file') return filePieces(body.file, body.stamp ?? readStamp(body.file));
  return splicePieces(filePieces(body.rewritten, body.stamp), body.insertions);
}

const PIECE = 1024 * 1024;

/** Holds back the last piece until the file is known to be unchanged. */
async function* filePieces(file: string, stamp: FileStamp): AsyncGenerator<Buffer> {
  const descriptor = openSource(file);
  try {
    let left = stamp.size;
    let last: Buffer | undefined;
    while (left > 0) {
      const piece = await readPiece(descriptor, Math.min(PIECE, left));
      if (piece.length === 0) break;
      if (last) yield last;
      last = piece;
      left -= piece.length;
    }
    if (left > 0 || !sameStamp(stampOf(fs.fstatSync(descriptor)), stamp)) throw changedMeanwhile(file);
    if (last) yield last;
  } finally {
    fs.closeSync(descriptor);
  }
}

function readPiece(descriptor: number, size: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    fs.read(descriptor, Buffer.allocUnsafeSlow(size), 0, size, null, (error, length, buffer) => {
      if (error) reject(error);
      else resolve(buffer.subarray(0, length));
    });
  });
}

/**
 * Returns the body with its file's present stamp: a later state of the file is not published. Throws raw system errors.
 */
export function inItsState(body: Body): Body {
  return body.kind === 'file' ? { ...body, stamp: body.stamp ?? readStamp(body.file) } : body;
}

/** Returns the error for a source that was seen in two states during one run. */
export function changedMeanwhile(file: string, cause?: unknown): StaticFilesError {
  return new StaticFilesError(
    'source',
    `${quoted(file)} changed while it was being collected. Is a build still writing it? Run again when it is done.`,
    { cause },
  );
}

/** Runs a step that reads an output. The message of a system error then names the output's file. */
export function nameSourceErrors<T>(output: Output, step: () => T): T {
  try {
    return step();
  } catch (error) {
    throw named(error, output);
  }
}

/** Awaits a step that reads an output. The message of a system error then names the output's file. */
export async function nameSourceErrorsOf<T>(output: Output, step: Promise<T>): Promise<T> {
  try {
    return await step;
  } catch (error) {
    throw named(error, output);
  }
}

function named(error: unknown, { body, logicalPath }: Output): unknown {
  if (error instanceof StaticFilesError || systemErrorCode(error) === undefined) return error;
  return cannotRead('source', quoted(body.kind === 'file' ? body.file : logicalPath), error);
}
