import { setTimeout as sleep } from 'node:timers/promises';

/** The time, for everything that the hold of a destination depends on. Tests bring a clock of their own. */
export interface Clock {
  /** Returns milliseconds since some fixed moment. Never goes back. */
  now(): number;
  /**
   * Returns milliseconds since 1970.
   *
   * @param reported the time by the service's clock, if it sent one. It wins, so that clocks of two machines are never
   *   compared
   */
  date(reported?: number): number;
  /** Resolves after some milliseconds. Rejects with the signal's reason. */
  wait(milliseconds: number, signal: AbortSignal): Promise<void>;
  /**
   * Calls back after some milliseconds, without keeping the process alive.
   *
   * @returns a function that cancels it
   */
  after(milliseconds: number, callback: () => void): () => void;
}

export const systemClock: Clock = {
  now: () => performance.now(),
  date: (reported = Date.now()) => reported,
  async wait(milliseconds, signal) {
    await sleep(milliseconds, undefined, { signal }).catch(() => {});
    signal.throwIfAborted(); // the timer rejects with an error of its own
  },
  after(milliseconds, callback) {
    const timer = setTimeout(callback, milliseconds).unref();
    return () => clearTimeout(timer);
  },
};
