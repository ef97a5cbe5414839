import { randomUUID } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { RUN_NOTE } from '../destination.js';

/** The note of a destination about the last run that published there. */
export interface RunNote {
  /** A random id, different for each run. */
  readonly run: string;
  /** Whether files may not be on the disk yet, because the run did not wait for that. */
  readonly unflushed?: boolean;
}

/** Returns the note of a destination, or `undefined` if there is none or it is damaged. */
export function readRunNote(folder: string): RunNote | undefined {
  try {
    const note: unknown = JSON.parse(fs.readFileSync(path.join(folder, RUN_NOTE), 'utf8'));
    return isRunNote(note) ? note : undefined;
  } catch {
    return undefined;
  }
}

function isRunNote(value: unknown): value is RunNote {
  return typeof (value as RunNote | null)?.run === 'string';
}

/** Returns the bytes of a note. */
export function runNoteBytes(note: RunNote): Buffer {
  return Buffer.from(`${JSON.stringify(note)}\n`);
}

/** Writes a note if there is none, for example after a run of an earlier version. */
export function noteUnknownRun(folder: string): void {
  if (readRunNote(folder) !== undefined) return;
  fs.writeFileSync(path.join(folder, RUN_NOTE), runNoteBytes({ run: randomUUID(), unflushed: true }));
}
