import { setMaxListeners } from 'node:events';
import { StaticFilesError } from '../errors.js';

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

/**
 * Waits for something that has no means to be stopped, and no longer once the signal is aborted.
 *
 * @throws the signal's reason
 */
export async function orAborted<T>(signal: AbortSignal, waiting: Promise<T>): Promise<T> {
  let stop = () => {};
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason);
    signal.addEventListener('abort', stop, { once: true });
  });
  try {
    return await Promise.race([waiting, aborted]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

/** Pieces, as long as the signal is not aborted. */
export async function* untilAborted<T>(signal: AbortSignal, pieces: AsyncIterable<T>): AsyncGenerator<T> {
  for await (const piece of pieces) {
    signal.throwIfAborted();
    yield piece;
  }
}

/**
 * Pieces, as long as they come.
 *
 * @param limit milliseconds to wait for each
 * @throws an error with the code `ETIMEDOUT`
 */
export async function* untilStalled<T>(limit: number, pieces: AsyncIterable<T>): AsyncGenerator<T> {
  const iterator = pieces[Symbol.asyncIterator]();
  for (;;) {
    const { done, value } = await within(limit, iterator.next());
    if (done) return;
    yield value;
  }
}

async function within<T>(limit: number, waiting: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const stalled = new Promise<never>((_, reject) => {
    const error = Object.assign(new Error(`Nothing came for ${limit} ms.`), { code: 'ETIMEDOUT' });
    timer = setTimeout(() => reject(error), limit);
  });
  return Promise.race([waiting, stalled]).finally(() => clearTimeout(timer));
}

const shared = new WeakMap<AbortSignal, AbortSignal>();

/**
 * A signal that is aborted with another one, for many calls at a time: each listens to it, and Node.js would warn of a
 * leak after ten. One for each signal, since the list of those that follow it is never cut.
 */
export function sharedSignal(signal: AbortSignal): AbortSignal {
  let follower = shared.get(signal);
  if (follower === undefined) {
    follower = AbortSignal.any([signal]);
    setMaxListeners(0, follower);
    shared.set(signal, follower);
  }
  return follower;
}
