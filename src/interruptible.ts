import { StaticFilesError } from './errors.js';

/** Runs a step. An aborted signal, whatever its reason, becomes the error `interrupted`. */
export async function interruptible<T>(signal: AbortSignal, step: () => Promise<T>): Promise<T> {
  try {
    signal.throwIfAborted();
    return await step();
  } catch (error) {
    if (signal.aborted && error === signal.reason) {
      throw new StaticFilesError('interrupted', 'Interrupted.', { cause: error });
    }
    throw error;
  }
}
