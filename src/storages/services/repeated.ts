import { setTimeout } from 'node:timers/promises';

export interface Repeating {
  /** How often a call is made at most. */
  readonly attempts: number;
  readonly signal: AbortSignal;
  /** Whether a failure may pass. */
  isPassing(error: unknown): boolean;
}

/** Milliseconds. The longest wait before an attempt doubles with each, up to the second number. */
const FIRST_WAIT = 250;
const LONGEST_WAIT = 20_000;

/**
 * Makes a call until it succeeds, with waits of random length in between, so that many callers do not come back at once:
 * https://aws.amazon.com/builders-library/timeouts-retries-and-backoff-with-jitter/
 *
 * @param call is told the number of its attempt, from 1
 * @throws what the last attempt threw; the signal's reason, where it was aborted during a wait
 */
export async function repeated<T>(
  { attempts, signal, isPassing }: Repeating,
  call: (attempt: number) => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await call(attempt);
    } catch (error) {
      if (attempt >= attempts || signal.aborted || !isPassing(error)) throw error;
    }
    await waitAfter(attempt, signal);
  }
}

/** Waits after an attempt. */
export async function waitAfter(attempt: number, signal: AbortSignal): Promise<void> {
  await setTimeout(Math.random() * Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** attempt), undefined, { signal });
}
