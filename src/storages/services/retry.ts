import pRetry from 'p-retry';
import { asError } from './errors.js';

export interface Repeating {
  /** How often a call is made at most. */
  readonly attempts: number;
  readonly signal: AbortSignal;
  /** Whether a failure may pass. */
  isPassing(error: unknown): boolean;
}

/** Milliseconds before the second attempt, at least; twice as long before each one after it, up to the second number. */
const FIRST_WAIT = 250;

const LONGEST_WAIT = 60_000;

/**
 * Makes a call until it succeeds, with waits of random length in between, so that many callers do not come back at once:
 * https://aws.amazon.com/builders-library/timeouts-retries-and-backoff-with-jitter/
 *
 * @param call is told the number of its attempt, from 1
 * @throws what the last attempt threw, as an error; the signal's reason, where it was aborted
 */
export function repeated<T>(
  { attempts, signal, isPassing }: Repeating,
  call: (attempt: number) => Promise<T>,
): Promise<T> {
  const throwing = async (attempt: number) => {
    try {
      return await call(attempt);
    } catch (thrown) {
      throw asError(thrown);
    }
  };
  return pRetry(throwing, {
    retries: attempts - 1,
    minTimeout: FIRST_WAIT,
    maxTimeout: LONGEST_WAIT,
    randomize: true,
    signal,
    shouldRetry: ({ error }) => isPassing(error),
  });
}
