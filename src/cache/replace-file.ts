import { randomUUID } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';

const TEMPORARY = '.tmp';

/** No write takes this long. An older temporary file was left by a run that was killed. */
const LEFT_MS = 60 * 60 * 1000;

/**
 * Writes a file under a temporary name first, then renames it. A kill, a full disk, or another run at the same time
 * leaves no half-written file. Makes the folders it needs, and deletes what killed runs left in the file's folder.
 * Throws raw system errors.
 *
 * @param pieces the bytes, one piece after the other. Each is asked for when the one before it is written
 */
export function replaceFile(file: string, pieces: Iterable<Uint8Array>): void {
  const folder = path.dirname(file);
  fs.mkdirSync(folder, { recursive: true });
  // Not the process id: containers that share a cache folder have the same ones.
  const temporary = `${file}.${randomUUID()}${TEMPORARY}`;
  try {
    const descriptor = fs.openSync(temporary, 'wx');
    try {
      for (const piece of pieces) fs.writeFileSync(descriptor, piece);
    } finally {
      fs.closeSync(descriptor);
    }
    fs.renameSync(temporary, file);
  } catch (error) {
    fs.rmSync(temporary, { force: true });
    throw error;
  }
  deleteLeft(folder);
}

/** Whether a file is one that {@link replaceFile} has not renamed yet. */
export function isTemporary(file: string): boolean {
  return file.endsWith(TEMPORARY);
}

/** Whether a temporary file is so old that a killed run must have left it. */
export function isLeft(mtimeMs: number, now: number): boolean {
  return mtimeMs < now - LEFT_MS;
}

function deleteLeft(folder: string): void {
  for (const name of fs.readdirSync(folder).filter(isTemporary)) {
    const file = path.join(folder, name);
    try {
      if (isLeft(fs.statSync(file).mtimeMs, Date.now())) fs.rmSync(file);
    } catch {
      // Another run has deleted it, or it belongs to another user. It only takes space.
    }
  }
}
