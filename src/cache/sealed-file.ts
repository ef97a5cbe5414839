import { hash } from 'node:crypto';
import fs from 'node:fs';
import { systemErrorCode } from '../errors.js';
import { replaceFile } from './replace-file.js';

const DIGEST = { algorithm: 'sha256', bytes: 32 };

/**
 * Seals bytes with what they are and their hash.
 *
 * @param kind with the version of its form: `record 4`
 */
export function seal(kind: string, bytes: Uint8Array): Buffer {
  return Buffer.concat([headOf(kind), digestOf(bytes), bytes]);
}

/** The bytes that were sealed; `undefined` if they are of another kind or version, or damaged. */
export function unseal(kind: string, sealed: Buffer): Buffer | undefined {
  const head = headOf(kind);
  const start = head.length + DIGEST.bytes;
  if (sealed.length < start || !sealed.subarray(0, head.length).equals(head)) return undefined;
  const bytes = sealed.subarray(start);
  return digestOf(bytes).equals(sealed.subarray(head.length, start)) ? bytes : undefined;
}

/** Reads what was sealed in a file; `undefined` if there is none that verifies. Throws raw system errors. */
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

function headOf(kind: string): Buffer {
  return Buffer.from(`staticfiles ${kind}\n`);
}

function digestOf(bytes: Uint8Array): Buffer {
  return hash(DIGEST.algorithm, bytes, 'buffer');
}
