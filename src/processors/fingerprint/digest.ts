import { createHash } from 'node:crypto';
import fs from 'node:fs';
import { StaticFilesError } from '../../errors.js';
import { cannotRead, fillFrom, openSource } from '../../files/bytes.js';
import { type FileStamp, sameStamp, stampOf } from '../../files/stamp.js';
import { changedMeanwhile } from '../../model/body.js';
import { contentInfo } from '../../model/content.js';
import type { ContentInfo } from '../../model/output.js';
import type { Scan, Scanner } from '../../references/reference.js';
import { quoted } from '../../text/printable.js';

/** The hash and references of a file: what naming it, and the files that refer to it, requires. */
export interface Digest {
  readonly content: ContentInfo;
  /** `undefined` for a type of file without references. */
  readonly scan: Scan | undefined;
}

/** A digest, and the state that the file was in. */
export interface FileDigest extends Digest {
  readonly stamp: FileStamp;
}

const BUFFER_SIZE = 1024 * 1024;
const buffer = Buffer.allocUnsafeSlow(BUFFER_SIZE);

/**
 * Reads a file once to hash and scan it.
 *
 * @param scanner `undefined` for a type of file without references
 * @throws StaticFilesError `source` if the file cannot be read, or changes while it is read
 */
export function digestFile(file: string, scanner: Scanner | undefined, algorithm: string): FileDigest {
  try {
    const descriptor = openSource(file);
    try {
      return digestOpenFile(descriptor, file, scanner, algorithm);
    } finally {
      fs.closeSync(descriptor);
    }
  } catch (error) {
    if (error instanceof StaticFilesError) throw error;
    throw cannotRead('source', quoted(file), error);
  }
}

/** Hashes and scans bytes in memory. */
export function digestBytes(bytes: Uint8Array, scanner: Scanner | undefined, algorithm: string): Digest {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return { content: contentInfo(bytes, algorithm), scan: scanner?.(view) };
}

function digestOpenFile(
  descriptor: number,
  file: string,
  scanner: Scanner | undefined,
  algorithm: string,
): FileDigest {
  const stats = fs.fstatSync(descriptor);
  const stamp = stampOf(stats);
  if (!stats.isFile()) throw changedMeanwhile(file);
  const digest =
    stamp.size < BUFFER_SIZE
      ? digestSmall(descriptor, stamp, scanner, algorithm)
      : digestLarge(descriptor, stamp, scanner, algorithm);
  if (digest?.content.size !== stamp.size) throw changedMeanwhile(file);
  // Not by a spread: V8 makes a hidden class for each of these objects then.
  return { content: digest.content, scan: digest.scan, stamp };
}

/**
 * Digests what a single read returns: it cannot see two states of a file. If it has seen another one than the stamp's,
 * the stamp no longer fits when the file is published, and the run fails.
 *
 * @returns `undefined` if it took several reads, and the file has changed
 */
function digestSmall(
  descriptor: number,
  stamp: FileStamp,
  scanner: Scanner | undefined,
  algorithm: string,
): Digest | undefined {
  let length = fs.readSync(descriptor, buffer, 0, BUFFER_SIZE, null);
  if (length !== stamp.size) {
    length += fillFrom(descriptor, buffer.subarray(length));
    if (!isInState(descriptor, stamp)) return undefined;
  }
  const bytes = buffer.subarray(0, length);
  return { content: contentInfo(bytes, algorithm), scan: scanner?.(bytes) };
}

/** Returns `undefined` if the file has changed between two reads. */
function digestLarge(
  descriptor: number,
  stamp: FileStamp,
  scanner: Scanner | undefined,
  algorithm: string,
): Digest | undefined {
  const digest = scanner
    ? digestWhole(descriptor, stamp.size, scanner, algorithm)
    : digestInChunks(descriptor, algorithm);
  return isInState(descriptor, stamp) ? digest : undefined;
}

function isInState(descriptor: number, stamp: FileStamp): boolean {
  return sameStamp(stampOf(fs.fstatSync(descriptor)), stamp);
}

function digestWhole(descriptor: number, size: number, scanner: Scanner, algorithm: string): Digest {
  const into = Buffer.allocUnsafe(size + 1);
  const bytes = into.subarray(0, fillFrom(descriptor, into));
  return { content: contentInfo(bytes, algorithm), scan: scanner(bytes) };
}

function digestInChunks(descriptor: number, algorithm: string): Digest {
  const hashing = createHash(algorithm);
  const integrity = createHash('sha384');
  let size = 0;
  for (let length = fillFrom(descriptor, buffer); length > 0; length = fillFrom(descriptor, buffer)) {
    hashing.update(buffer.subarray(0, length));
    integrity.update(buffer.subarray(0, length));
    size += length;
  }
  const content = { hash: hashing.digest('hex'), size, integrity: `sha384-${integrity.digest('base64')}` };
  return { content, scan: undefined };
}
