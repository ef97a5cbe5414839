import { setImmediate } from 'node:timers/promises';

const SLICE_MS = 50;

/**
 * Lets a long synchronous loop yield to the event loop every 50 ms, for signals, heartbeats and progress. Local file
 * work is several times faster in a synchronous loop than with `fs.promises`.
 *
 * @example
 * const slice = startTimeSlice(signal);
 * for (const file of files) {
 *   if (slice.isOver()) await slice.yield();
 *   copy(file);
 * }
 */
export interface TimeSlice {
  isOver(): boolean;
  /** Yields, and starts the next slice. Throws the signal's reason if it was aborted. */
  yield(): Promise<void>;
}

/** Starts a time slice now. */
export function startTimeSlice(signal: AbortSignal): TimeSlice {
  let end = performance.now() + SLICE_MS;
  return {
    isOver: () => performance.now() >= end,
    async yield() {
      await setImmediate();
      signal.throwIfAborted();
      end = performance.now() + SLICE_MS;
    },
  };
}
