import { hash } from 'node:crypto';
import fs from 'node:fs';
import { systemErrorCode } from '../errors.js';
import { replaceFile } from './replace-file.js';

/** Reads a sealed file; `undefined` if there is none that verifies. Throws raw system errors. */
export function readSealedFile(kind: string, file: string): Buffer | undefined {
  try {
    return unseal(kind, fs.readFileSync(file));
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** Seals bytes in a file. Throws raw system errors. */
export function writeSealedFile(kind: string, file: string, bytes: Uint8Array): void {
  replaceFile(file, seal(kind, bytes));
}

/**
 * Returns the bytes after their kind and their hash.
 *
 * @param kind ends with the version of its form: `record 6`
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

function headOf(kind: string): Buffer {
  return Buffer.from(`staticfiles ${kind}\n`);
}

const DIGEST = { algorithm: 'sha256', bytes: 32 };

function digestOf(bytes: Uint8Array): Buffer {
  return hash(DIGEST.algorithm, bytes, 'buffer');
}
