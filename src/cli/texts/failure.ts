import { StaticFilesError } from '../../errors.js';
import { errorWithoutSecrets } from '../../errors-without-secrets.js';
import type { Verbosity } from '../invocation.js';

/**
 * What is said of an error: for a user's error its message, at `-v 3` with the stack of its cause;
 * for a defect all that a report of it needs.
 */
export function failureText(error: unknown, verbosity: Verbosity): string {
  if (!(error instanceof StaticFilesError)) return defectText(errorWithoutSecrets(error));
  if (verbosity < 3 || error.cause === undefined) return error.message;
  return `${error.message}\nCaused by: ${stackOf(error.cause)}`;
}

function defectText(error: unknown): string {
  return `Unexpected error. This is a defect in staticfiles: please report it, with the lines below.\n${stackOf(error)}`;
}

function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
