import { StaticFilesError } from './errors.js';

/** Runs a step. An aborted signal becomes the error `interrupted`, unless its reason is an error for people already. */
export async function interruptible<T>(signal: AbortSignal, step: () => Promise<T>): Promise<T> {
  try {
    signal.throwIfAborted();
    return await step();
  } catch (error) {
    if (signal.aborted && error === signal.reason && !(error instanceof StaticFilesError)) {
      throw new StaticFilesError('interrupted', 'Interrupted.', { cause: error });
    }
    throw error;
  }
}
