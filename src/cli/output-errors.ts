import { describeSystemError, systemErrorCode } from '../errors.js';
import { printable } from '../printable.js';
import type { Terminal } from './terminal.js';

/**
 * Lets a run go on when nobody reads its output any more (`| head`): it is finished, and no error.
 * Any other failure to write, such as a full disk behind `> log`, is told to `failed`, once.
 */
export function guardOutput(
  { stdout, stderr }: Pick<Terminal, 'stdout' | 'stderr'>,
  failed: () => void,
): void {
  let told = false;
  stdout.on('error', (error) => {
    if (told || systemErrorCode(error) === 'EPIPE') return;
    told = true;
    stderr.write(`Cannot write to standard output: ${printable(describeSystemError(error))}.\n`);
    failed();
  });
  // There is no place left to say that standard error cannot be written.
  stderr.on('error', () => {});
}
