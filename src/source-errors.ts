import { describeSystemError, StaticFilesError, systemErrorCode } from './errors.js';
import type { Output } from './output.js';
import { quoted } from './printable.js';

/** Runs a step that reads an output's source; a system error then names the file as a person knows it. */
export function nameSourceErrors<T>(output: Output, step: () => T): T {
  try {
    return step();
  } catch (error) {
    throw named(error, output);
  }
}

/** Awaits a step that reads an output's source; a system error then names the file as a person knows it. */
export async function nameSourceErrorsOf<T>(output: Output, step: Promise<T>): Promise<T> {
  try {
    return await step;
  } catch (error) {
    throw named(error, output);
  }
}

function named(error: unknown, output: Output): unknown {
  if (error instanceof StaticFilesError || systemErrorCode(error) === undefined) return error;
  const file = 'file' in output.body ? output.body.file : output.logicalPath;
  return new StaticFilesError('source', `Cannot read ${quoted(file)}: ${describeSystemError(error)}.`, {
    cause: error,
  });
}
