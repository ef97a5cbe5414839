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

/**
 * Takes steps to their end. Between two of them it yields when the slice of time is used up.
 *
 * @param onYield called before each yield, to report progress
 * @returns what the steps return
 * @throws what a step throws, or the signal's reason if it was aborted
 */
export async function runInSlices<Result>(
  steps: Generator<void, Result>,
  signal: AbortSignal,
  onYield?: () => void,
): Promise<Result> {
  const slice = startTimeSlice(signal);
  try {
    for (;;) {
      const step = steps.next();
      if (step.done) return step.value;
      if (!slice.isOver()) continue;
      onYield?.();
      await slice.yield();
    }
  } finally {
    steps.return(undefined as Result); // closes the files that they hold open
  }
}
