import { describeSystemError, StaticFilesError, systemErrorCode } from './errors.js';
import type { Output } from './output.js';
import { quoted } from './printable.js';

/** Runs a step that reads an output's source; a system error then names the file as a person knows it. */
export function nameSourceErrors<T>(output: Output, step: () => T): T {
  try {
    return step();
  } catch (error) {
    if (error instanceof StaticFilesError || systemErrorCode(error) === undefined) throw error;
    const file = 'file' in output.body ? output.body.file : output.logicalPath;
    throw new StaticFilesError('source', `Cannot read ${quoted(file)}: ${describeSystemError(error)}.`, {
      cause: error,
    });
  }
}
