import { StaticFilesError } from '../errors.js';

/** What the shell is told: 0 done, 1 failed, 2 wrong usage, 130 and 143 interrupted. */
export type ExitCode = 0 | 1 | 2 | 130 | 143;

/** 128 and the signal's number, as shells have it. */
export const SIGNAL_EXIT_CODES = { SIGINT: 130, SIGTERM: 143 } as const;

/** A signal that asks the command to stop. */
export type StopSignal = keyof typeof SIGNAL_EXIT_CODES;

/**
 * The exit code that an error stands for.
 *
 * @param stoppedBy the signal that came, if any: an error after it is taken for its consequence.
 */
export function exitCodeOf(error: unknown, stoppedBy?: StopSignal): ExitCode {
  if (stoppedBy !== undefined) return SIGNAL_EXIT_CODES[stoppedBy];
  if (!(error instanceof StaticFilesError)) return 1;
  // Ctrl-C at the prompt: a key, which never becomes a signal.
  if (error.code === 'interrupted') return SIGNAL_EXIT_CODES.SIGINT;
  return error.code === 'usage' ? 2 : 1;
}
