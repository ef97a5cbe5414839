import { setImmediate } from 'node:timers/promises';
import type { Clock } from '../../src/storages/objects/clock.js';

/** A clock by which waiting takes no time: it leaps. */
export function leapingClock(startedAt = Date.now()): Clock {
  let now = 0;
  const timers = new Set<{ readonly at: number; ring(): void }>();
  return {
    now: () => now,
    date: () => startedAt + now,
    async wait(milliseconds, signal) {
      signal.throwIfAborted();
      now += milliseconds;
      for (const timer of timers) if (timer.at <= now && timers.delete(timer)) timer.ring();
      await setImmediate();
    },
    after(milliseconds, ring) {
      const timer = { at: now + milliseconds, ring };
      timers.add(timer);
      return () => void timers.delete(timer);
    },
  };
}
