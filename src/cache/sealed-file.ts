import { hash, randomUUID } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { systemErrorCode } from '../errors.js';

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

const TEMPORARY = '.tmp';

/** No write takes so long: what is older was left by a run that was killed. */
const LEFT_MS = 60 * 60 * 1000;

/**
 * Writes a file under a name of its own first, then renames it: a kill, a full disk, or another run at the same time
 * leaves nothing half. Makes the folders it needs, and sweeps what killed runs left there. Throws raw system errors.
 */
export function replaceFile(file: string, bytes: Uint8Array): void {
  const folder = path.dirname(file);
  fs.mkdirSync(folder, { recursive: true });
  // Not the process id: containers that share a cache folder have the same ones.
  const temporary = `${file}.${randomUUID()}${TEMPORARY}`;
  try {
    fs.writeFileSync(temporary, bytes);
    fs.renameSync(temporary, file);
  } catch (error) {
    fs.rmSync(temporary, { force: true });
    throw error;
  }
  sweep(folder);
}

/** Whether a file is one that {@link replaceFile} has not renamed yet. */
export function isTemporary(file: string): boolean {
  return file.endsWith(TEMPORARY);
}

/** Whether a temporary file was left by a run that was killed. */
export function isLeft(mtimeMs: number, now: number): boolean {
  return mtimeMs < now - LEFT_MS;
}

function sweep(folder: string): void {
  const left = fs.readdirSync(folder).filter(isTemporary);
  for (const name of left) {
    const file = path.join(folder, name);
    try {
      if (isLeft(fs.statSync(file).mtimeMs, Date.now())) fs.rmSync(file);
    } catch {
      // Swept by another run, or another user's: it costs some space, and nothing else.
    }
  }
}
