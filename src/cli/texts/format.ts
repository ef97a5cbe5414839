import path from 'node:path';
import { StaticFilesError } from '../../errors.js';
import type { Warning } from '../../model/static-file.js';
import type { FileAmount } from '../../releases/list.js';
import { errorWithoutSecrets, withoutSecrets } from '../../secrets.js';
import type { Verbosity } from '../reporter.js';

const UNITS = ['kB', 'MB', 'GB', 'TB'];

/** Returns `12 files (1.1 MB)`. */
export function amountText({ files, size }: FileAmount): string {
  return `${files} ${files === 1 ? 'file' : 'files'} (${sizeText(size)})`;
}

/** Returns a number of bytes with a fitting unit: `512 B`, `1.1 MB`. */
export function sizeText(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  const power = Math.min(UNITS.length, Math.floor(Math.log10(bytes) / 3));
  return `${(bytes / 1000 ** power).toFixed(1)} ${UNITS[power - 1]}`;
}

/**
 * Returns a message with its positions (`/project/static/a.css:2:25: …`) relative to a folder, if they are below it.
 *
 * @param folder is called only if there are positions
 */
export function withPositionsFrom(folder: () => string, message: string): string {
  return message.replace(/^(Warning: )?(.+?)(?=:\d+:\d+: )/gm, (text, prefix = '', file: string) => {
    const below = path.relative(folder(), file);
    return path.isAbsolute(file) && !below.startsWith('..') ? prefix + below : text;
  });
}

/** Returns a time in UTC, to the minute: `2026-11-21 08:03 UTC`. */
export function timeText(time: Date | undefined): string {
  return time === undefined
    ? 'at an unknown time'
    : `${time.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

/**
 * Returns the message of an expected error, at `-v 3` with the stack of its cause. For a defect, returns all that a
 * report of it needs.
 */
export function failureText(error: unknown, verbosity: Verbosity): string {
  if (!(error instanceof StaticFilesError)) return defectText(errorWithoutSecrets(error));
  if (verbosity < 3 || error.cause === undefined) return error.message;
  return `${error.message}\nCaused by: ${stackOf(error.cause)}`;
}

function defectText(error: unknown): string {
  return `Unexpected error. This is a defect in staticfiles. Report it with the lines below.\n${stackOf(error)}`;
}

function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

/** Returns the warning of a crashed worker, and of when the next one starts. */
export function workerCrashedWarning({ message }: Error, waitMilliseconds: number): Warning {
  const next = `Another worker starts in ${waitMilliseconds / 1000} s.`;
  return { code: 'worker-crashed', message: `${withoutSecrets(message)} ${next}` };
}
