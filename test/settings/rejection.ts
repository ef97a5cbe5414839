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

/** The problems of a settings error as `E003 staticfilesDirs[0]: the prefix…`, in their order. */
export function problemLines({ details }: StaticFilesError): string[] {
  return (details.problems ?? []).map(({ code, key, message, hint }) =>
    [code, key && `${key}:`, message, hint].filter(Boolean).join(' '),
  );
}

/** Their codes. */
export function problemCodes({ details }: StaticFilesError): string[] {
  return (details.problems ?? []).map(({ code }) => code);
}
