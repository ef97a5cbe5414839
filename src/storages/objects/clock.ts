import { setTimeout as sleep } from 'node:timers/promises';

/** The time, as far as the hold of a destination depends on it. Tests have one of their own. */
export interface Clock {
  /** Milliseconds since some moment; it never goes back. */
  now(): number;
  /**
   * Milliseconds since 1970.
   *
   * @param told what the service's clock says, if it said so: the clocks of two machines are not compared
   */
  date(told?: number): number;
  /** Resolves after some milliseconds; rejects with the signal's reason. */
  wait(milliseconds: number, signal: AbortSignal): Promise<void>;
  /**
   * Calls back after some milliseconds, and does not keep the process alive for that.
   *
   * @returns what calls it off
   */
  after(milliseconds: number, callback: () => void): () => void;
}

export const systemClock: Clock = {
  now: () => performance.now(),
  date: (told = Date.now()) => told,
  async wait(milliseconds, signal) {
    await sleep(milliseconds, undefined, { signal }).catch(() => {});
    signal.throwIfAborted(); // the timer has an error of its own
  },
  after(milliseconds, callback) {
    const timer = setTimeout(callback, milliseconds).unref();
    return () => clearTimeout(timer);
  },
};
