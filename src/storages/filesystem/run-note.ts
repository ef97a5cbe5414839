import { randomUUID } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { RUN_NOTE } from './reserved-names.js';

export { RUN_NOTE };

/** What a destination says of the last run that published there. */
export interface RunNote {
  /** Random, another one for each run. */
  readonly run: string;
  /** Whether files may still be on their way to the disk, since the run did not wait for that. */
  readonly unflushed?: boolean;
}

/** Returns the note of a destination; `undefined` if there is none, or if it is damaged. */
export function readRunNote(location: string): RunNote | undefined {
  try {
    const note: unknown = JSON.parse(fs.readFileSync(path.join(location, RUN_NOTE), 'utf8'));
    return isRunNote(note) ? note : undefined;
  } catch {
    return undefined;
  }
}

function isRunNote(value: unknown): value is RunNote {
  return typeof (value as RunNote | null)?.run === 'string';
}

/** The bytes of a note. */
export function runNoteBytes(note: RunNote): Buffer {
  return Buffer.from(`${JSON.stringify(note)}\n`);
}

/** Names a run where none is named, as after one of an earlier version, which wrote no note. */
export function noteUnknownRun(location: string): void {
  if (readRunNote(location) !== undefined) return;
  fs.writeFileSync(path.join(location, RUN_NOTE), runNoteBytes({ run: randomUUID(), unflushed: true }));
}
