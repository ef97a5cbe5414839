import { createHash, hash } from 'node:crypto';
import fs from 'node:fs';
import { systemErrorCode } from '../errors.js';
import { fillFrom, withOpenFile } from '../files/bytes.js';
import { replaceFile } from './replace-file.js';

/** Reads a sealed file; `undefined` if there is none that verifies. Throws raw system errors. */
export function readSealedFile(kind: string, file: string): Buffer | undefined {
  return unlessMissing(() => unseal(kind, fs.readFileSync(file)));
}

/** Seals bytes in a file. Throws raw system errors. */
export function writeSealedFile(kind: string, file: string, bytes: Uint8Array): void {
  replaceFile(file, [seal(kind, bytes)]);
}

/**
 * Returns the bytes after their kind and their hash.
 *
 * @param kind ends with the version of its form: `uses 1`
 */
export function seal(kind: string, bytes: Uint8Array): Buffer {
  return Buffer.concat([headOf(kind), digestOf(bytes), bytes]);
}

/** Returns the bytes that were sealed; `undefined` if they are of another kind or version, or damaged. */
export function unseal(kind: string, sealed: Buffer): Buffer | undefined {
  const head = headOf(kind);
  const start = head.length + DIGEST.bytes;
  if (sealed.length < start || !sealed.subarray(0, head.length).equals(head)) return undefined;
  const bytes = sealed.subarray(start);
  return digestOf(bytes).equals(sealed.subarray(head.length, start)) ? bytes : undefined;
}

/** Returns the hash that {@link seal} has put before the bytes, in base64. */
export function hashInSeal(kind: string, sealed: Buffer): string {
  const start = headOf(kind).length;
  return sealed.toString('base64', start, start + DIGEST.bytes);
}

/** Parts of a file that are verified one by one, so that who needs one part reads no other. */
export interface SealedParts {
  readonly names: readonly string[];
  /**
   * Reads a part; `undefined` if there is none of that name that verifies, or if another run has replaced the file.
   * Throws raw system errors.
   */
  read(name: string): Buffer | undefined;
}

/** The index after the parts: their names in their order, each with its length and its hash. */
type PartIndex = readonly (readonly [name: string, length: number, digest: string])[];

/** Opens a file of sealed parts; `undefined` if there is none of this kind. Throws raw system errors. */
export function openSealedParts(kind: string, file: string): SealedParts | undefined {
  const index = unlessMissing(() => withOpenFile(file, (descriptor) => readIndex(kind, descriptor)));
  if (index === undefined) return undefined;
  const places = new Map<string, PartPlace>();
  let start = 0;
  for (const [name, length, digest] of JSON.parse(String(index)) as PartIndex) {
    places.set(name, { start, length, digest });
    start += length;
  }
  return {
    names: [...places.keys()],
    read(name) {
      const place = places.get(name);
      return place && unlessMissing(() => withOpenFile(file, (descriptor) => readPart(descriptor, place)));
    },
  };
}

/** A part, in pieces. */
export type SealedPart = readonly [name: string, pieces: readonly Uint8Array[]];

/**
 * Writes a file of sealed parts. Throws raw system errors.
 *
 * @param parts each is asked for when the one before it is written, so that they need not be in memory together
 */
export function writeSealedParts(kind: string, file: string, parts: Iterable<SealedPart>): void {
  replaceFile(file, sealedPieces(kind, parts));
}

function* sealedPieces(kind: string, parts: Iterable<SealedPart>): Generator<Uint8Array> {
  const index: [string, number, string][] = [];
  for (const [name, pieces] of parts) {
    const hashing = createHash(DIGEST.algorithm);
    let length = 0;
    for (const piece of pieces) {
      hashing.update(piece);
      length += piece.length;
      yield piece;
    }
    index.push([name, length, hashing.digest('base64')]);
  }
  const sealed = seal(kind, Buffer.from(JSON.stringify(index satisfies PartIndex)));
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeUInt32LE(sealed.length);
  yield sealed;
  yield length;
}

/** The length of the index comes after it, at the end of the file. */
const LENGTH_BYTES = 4;

interface PartPlace {
  readonly start: number;
  readonly length: number;
  readonly digest: string;
}

function readIndex(kind: string, descriptor: number): Buffer | undefined {
  const end = fs.fstatSync(descriptor).size - LENGTH_BYTES;
  if (end < 0) return undefined;
  const length = readAt(descriptor, end, LENGTH_BYTES).readUInt32LE();
  return length > end ? undefined : unseal(kind, readAt(descriptor, end - length, length));
}

function readPart(descriptor: number, { start, length, digest }: PartPlace): Buffer | undefined {
  const bytes = readAt(descriptor, start, length);
  return digestText(bytes) === digest ? bytes : undefined;
}

function readAt(descriptor: number, start: number, length: number): Buffer {
  const buffer = Buffer.allocUnsafe(length);
  return buffer.subarray(0, fillFrom(descriptor, buffer, start));
}

function unlessMissing<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

function headOf(kind: string): Buffer {
  return Buffer.from(`staticfiles ${kind}\n`);
}

const DIGEST = { algorithm: 'sha256', bytes: 32 };

function digestOf(bytes: Uint8Array): Buffer {
  return hash(DIGEST.algorithm, bytes, 'buffer');
}

function digestText(bytes: Uint8Array): string {
  return hash(DIGEST.algorithm, bytes, 'base64');
}
