import { setMaxListeners } from 'node:events';
import { StaticFilesError } from '../errors.js';

/**
 * Runs a step.
 *
 * @throws StaticFilesError `interrupted` if the signal is aborted, unless its reason is a StaticFilesError itself
 */
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
 * Waits for something that cannot be stopped, until the signal is aborted.
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

/**
 * Yields pieces until the signal is aborted.
 *
 * @throws the signal's reason
 */
export async function* untilAborted<T>(signal: AbortSignal, pieces: AsyncIterable<T>): AsyncGenerator<T> {
  for await (const piece of pieces) {
    signal.throwIfAborted();
    yield piece;
  }
}

/**
 * Yields pieces until one takes too long.
 *
 * @param limit how long each may take, in milliseconds
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

const followers = new WeakMap<AbortSignal, AbortSignal>();

/**
 * Returns a signal that is aborted with another one, for many calls at a time. Each call adds a listener, and Node.js
 * warns of a leak at the eleventh. There is one follower for each signal, because a signal never forgets its followers.
 */
export function sharedSignal(signal: AbortSignal): AbortSignal {
  let follower = followers.get(signal);
  if (follower === undefined) {
    follower = AbortSignal.any([signal]);
    setMaxListeners(0, follower);
    followers.set(signal, follower);
  }
  return follower;
}
