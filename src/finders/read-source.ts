import { describeSystemError, StaticFilesError, systemErrorCode } from '../errors.js';
import { quoted } from '../printable.js';

/**
 * Gives what `read` gives; where that fails, an error that names the path and says what to do.
 *
 * @throws StaticFilesError `source`
 */
export function readSource<Result>(sourcePath: string, read: () => Result): Result {
  try {
    return read();
  } catch (error) {
    throw new StaticFilesError(
      'source',
      `Cannot read ${quoted(sourcePath)}: ${describeSystemError(error)}. ${advice(error)}`,
      { cause: error },
    );
  }
}

function advice(error: unknown): string {
  const vanished = ['ENOENT', 'ENOTDIR'].includes(systemErrorCode(error) ?? '');
  return vanished
    ? 'It was there a moment ago: run again when nothing else changes the sources.'
    : 'Make it readable for the user who runs this, or leave it out with an ignore pattern.';
}
