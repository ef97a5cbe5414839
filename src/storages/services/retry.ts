import pRetry from 'p-retry';
import { asError } from './errors.js';

export interface Repeating {
  /** The largest number of calls. */
  readonly attempts: number;
  readonly signal: AbortSignal;
  /** Whether a failure may be temporary. */
  isPassing(error: unknown): boolean;
}

/** Milliseconds before the second attempt. The wait doubles before each further one. */
const FIRST_WAIT = 250;

const LONGEST_WAIT = 60_000;

/**
 * How long an attempt of a request waits while nothing comes or goes. Milliseconds. While a service joins the parts of a
 * large object, or copies it, it sends nothing. Then the attempt has failed, and is made again: some firewalls forget a
 * connection and tell neither side.
 */
export const SILENCE = 120_000;

/** Whether the HTTP status of an answer says that the failure may be temporary. */
export function isPassingStatus(status: number): boolean {
  return [408, 429, 500, 502, 503, 504].includes(status);
}

/**
 * Makes a call until it succeeds, and waits between the attempts. The waits are random, so that many callers do not come
 * back at once: https://aws.amazon.com/builders-library/timeouts-retries-and-backoff-with-jitter/
 *
 * @param call gets the number of its attempt, from 1
 * @throws what the last attempt threw, as an error; the signal's reason if it was aborted
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
