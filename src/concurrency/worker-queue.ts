import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { runInSlices } from './time-slice.js';

const CHUNK = 32;

/** Indexes of a list of work that two threads share. It can be sent to a worker. */
export interface SharedQueue {
  readonly size: number;
  /** One number: the chunks taken. A number past the last chunk stops both threads. */
  readonly taken: Int32Array;
}

/** How a queue is worked off, by this thread and perhaps by another. */
export interface SharedWork<Own> {
  readonly queue: SharedQueue;
  /** This thread's share. It yields after each item, and within long ones, to let the event loop run. */
  readonly share: Generator<void, Own>;
  /**
   * The module of a second thread and its `workerData`, if there may be enough work to start one. The data is read when it
   * starts. The module posts one message: its result. It starts at once, or when `isWorthIt` says so, which gets the part of the work that is done.
   */
  readonly worker:
    | { readonly module: URL; readonly data: unknown; isWorthIt?(done: number): boolean }
    | undefined;
  readonly signal: AbortSignal;
}

export function createSharedQueue(size: number): SharedQueue {
  return { size, taken: new Int32Array(new SharedArrayBuffer(4)) };
}

/** Yields the indexes that one thread takes, in chunks: the next one goes to the thread that asks first. */
export function* takeItems({ size, taken }: SharedQueue): Generator<number> {
  for (let first = nextChunk(taken); first < size; first = nextChunk(taken)) {
    const end = Math.min(first + CHUNK, size);
    for (let index = first; index < end; index++) yield index;
  }
}

function nextChunk(taken: Int32Array): number {
  return Atomics.add(taken, 0, 1) * CHUNK;
}

/** The part of the work that is done or being done, from 0 to 1. */
function doneOf({ size, taken }: SharedQueue): number {
  return Math.min(1, (Atomics.load(taken, 0) * CHUNK) / size);
}

/** Makes both threads end after their current chunk. */
export function stopQueue({ size, taken }: SharedQueue): void {
  Atomics.store(taken, 0, Math.ceil(size / CHUNK));
}

/**
 * Works a queue off, and returns when both threads have ended.
 *
 * @returns the result of this thread's share, and the message of the other thread
 * @throws the signal's reason, or what a thread throws
 */
export async function workOff<Own, Other>(
  work: SharedWork<Own>,
): Promise<{ readonly own: Own; readonly other: Other | undefined }> {
  const { queue, worker } = work;
  let other: Promise<Other> | undefined;
  const startOther = () => {
    if (other !== undefined || worker === undefined) return;
    if (worker.isWorthIt?.(doneOf(queue)) === false) return;
    other = runWorker<Other>(queue, worker);
    other.catch(() => {}); // it may fail before it is awaited below
  };
  try {
    startOther();
    const own = await runInSlices(work.share, work.signal, startOther);
    return { own, other: await other };
  } catch (error) {
    stopQueue(queue);
    await Promise.allSettled([other]);
    throw error;
  }
}

/** Returns the message of a worker, once the worker has ended. */
async function runWorker<Other>(
  queue: SharedQueue,
  { module, data }: { readonly module: URL; readonly data: unknown },
): Promise<Other> {
  const worker = new Worker(module, {
    workerData: data,
    trackUnmanagedFds: false, // tracking takes time for each file, and the worker closes what it opens
  });
  const ended = once(worker, 'exit');
  try {
    const [message] = (await once(worker, 'message')) as [Other];
    return message;
  } catch (error) {
    stopQueue(queue);
    throw error;
  } finally {
    await ended;
  }
}
