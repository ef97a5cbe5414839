import { StaticFilesError } from '../../src/errors.js';

/** The error of a promise that must be rejected with one of this package's own. */
export async function rejection(promise: Promise<unknown>): Promise<StaticFilesError> {
  const error = await promise.then(
    () => new Error('Nothing was rejected.'),
    (reason: unknown) => reason,
  );
  if (error instanceof StaticFilesError) return error;
  throw error;
}

/** The lines of a checks' error that begin with `?:`, as `E003 The prefix…`, in their order. */
export function checkLines(error: Error): string[] {
  const lines = error.message.split('\n').filter((line) => line.startsWith('?: '));
  return lines.map((line) => line.replace(/^\?: \(staticfiles\.([^)]+)\)/, '$1'));
}

/** Their codes. */
export function checkCodes(error: Error): string[] {
  return checkLines(error).map((line) => line.split(' ', 1)[0]!);
}
