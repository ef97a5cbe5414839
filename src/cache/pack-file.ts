import { hash } from 'node:crypto';
import fs from 'node:fs';
import { withOpenFile } from '../files/bytes.js';
import { type FileStamp, readStamp, stampOf } from '../files/stamp.js';
import { replaceFile } from './replace-file.js';
import { hashInSeal, seal, unseal } from './sealed-file.js';

/** Bytes of a name, before it is encoded. */
export const NAME_BYTES = 20;

/** A content to pack. */
export interface PackedContent {
  /** {@link NAME_BYTES} in base64url. */
  readonly name: string;
  readonly bytes: Uint8Array;
  /** Day on which it was made, counted from 1970. */
  readonly day: number;
}

/** A content in a pack. */
export interface PackEntry extends Omit<PackedContent, 'bytes'> {
  /** Absolute path of the pack. */
  readonly pack: string;
  readonly start: number;
  /** Bytes. */
  readonly size: number;
  /** SHA-384 of the bytes, in base64. */
  readonly hash: string;
}

/** A file with many contents. It is written once and never changed. */
export interface Pack {
  /** Absolute path. */
  readonly file: string;
  readonly stamp: FileStamp;
  /** The hash of its index. It covers the hashes of all contents, so it proves what was once verified of them. */
  readonly proof: string;
  readonly entries: readonly PackEntry[];
}

const KIND = 'pack 1';
const ALGORITHM = 'sha384';

/** Size of the number before the index: the length of the index in bytes. */
const LENGTH_BYTES = 4;
/** Fields of a content in the index, and their sizes in bytes. */
const FIELDS = { name: NAME_BYTES, hash: 48, size: 4, day: 2 };
/** Bytes that a content takes in the index. */
export const ENTRY_BYTES = FIELDS.name + FIELDS.hash + FIELDS.size + FIELDS.day;

/**
 * Writes a pack: the length of the index, the sealed index, and the contents in its order. Throws raw system errors.
 */
export function writePack(file: string, contents: readonly PackedContent[]): Pack {
  const index = Buffer.concat(contents.map(describe));
  const sealed = seal(KIND, index);
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeUInt32LE(sealed.length);
  replaceFile(file, [length, sealed, ...contents.map(({ bytes }) => bytes)]);
  const entries = entriesOf(file, index, LENGTH_BYTES + sealed.length);
  return { file, stamp: readStamp(file), proof: hashInSeal(KIND, sealed), entries };
}

function describe({ name, bytes, day }: PackedContent): Buffer {
  const entry = Buffer.alloc(ENTRY_BYTES);
  let at = entry.write(name, 'base64url');
  at += entry.write(contentHash(bytes), at, 'base64');
  at = entry.writeUInt32LE(bytes.length, at);
  entry.writeUInt16LE(day, at);
  return entry;
}

/** Reads the index of a pack; `undefined` if the pack is damaged or cut short. Throws raw system errors. */
export function readPack(file: string): Pack | undefined {
  return withOpenFile(file, (descriptor) => {
    const stats = fs.fstatSync(descriptor);
    const length = readAt(descriptor, 0, LENGTH_BYTES)?.readUInt32LE() ?? 0;
    const start = LENGTH_BYTES + length;
    if (start > stats.size) return undefined;
    const sealed = readAt(descriptor, LENGTH_BYTES, length);
    const index = sealed && unseal(KIND, sealed);
    if (sealed === undefined || index === undefined) return undefined;
    const entries = entriesOf(file, index, start);
    const end = entries.reduce((sum, { size }) => sum + size, start);
    const proof = hashInSeal(KIND, sealed);
    return end === stats.size ? { file, stamp: stampOf(stats), proof, entries } : undefined;
  });
}

function entriesOf(pack: string, index: Buffer, dataStart: number): readonly PackEntry[] {
  const entries: PackEntry[] = [];
  let start = dataStart;
  for (let at = 0; at < index.length; at += ENTRY_BYTES) {
    const hashAt = at + FIELDS.name;
    const sizeAt = hashAt + FIELDS.hash;
    const size = index.readUInt32LE(sizeAt);
    entries.push({
      pack,
      name: index.toString('base64url', at, hashAt),
      hash: index.toString('base64', hashAt, sizeAt),
      start,
      size,
      day: index.readUInt16LE(sizeAt + FIELDS.size),
    });
    start += size;
  }
  return entries;
}

/** Reads a content; `undefined` if it is damaged, or if the pack is gone or unreadable. */
export function readPacked({ pack, start, size, hash }: PackEntry): Buffer | undefined {
  try {
    const bytes = withOpenFile(pack, (descriptor) => readAt(descriptor, start, size));
    return bytes && contentHash(bytes) === hash ? bytes : undefined;
  } catch {
    return undefined;
  }
}

/** Bytes that are read at once. Contents that are published one after the other are mostly beside each other. */
const WINDOW_BYTES = 256 * 1024;

/** Returns a function that reads contents as {@link readPacked} does, several with one read. */
export function packReader(): (entry: PackEntry) => Buffer | undefined {
  let window = { pack: '', start: 0, bytes: Buffer.alloc(0) };
  return (entry) => {
    const { pack, start, size, hash } = entry;
    if (size > WINDOW_BYTES) return readPacked(entry);
    const isInside = pack === window.pack && start >= window.start;
    if (!isInside || start + size > window.start + window.bytes.length) window = readWindow(pack, start);
    const at = start - window.start;
    const bytes = window.bytes.subarray(at, at + size);
    return bytes.length === size && contentHash(bytes) === hash ? bytes : undefined;
  };
}

function readWindow(pack: string, start: number) {
  const bytes = Buffer.allocUnsafeSlow(WINDOW_BYTES);
  try {
    const length = withOpenFile(pack, (descriptor) => fs.readSync(descriptor, bytes, 0, bytes.length, start));
    return { pack, start, bytes: bytes.subarray(0, length) };
  } catch {
    return { pack: '', start, bytes: bytes.subarray(0, 0) };
  }
}

/** Returns the hash of a content in a pack: SHA-384, in base64. */
export function contentHash(bytes: Uint8Array): string {
  return hash(ALGORITHM, bytes, 'base64');
}

/** Reads bytes of a file; `undefined` if it ends too early. */
function readAt(descriptor: number, start: number, length: number): Buffer | undefined {
  const bytes = Buffer.allocUnsafe(length);
  let read = 0;
  while (read < length) {
    const count = fs.readSync(descriptor, bytes, read, length - read, start + read);
    if (count === 0) return undefined;
    read += count;
  }
  return bytes;
}
