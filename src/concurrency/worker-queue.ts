import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { startTimeSlice } from './time-slice.js';

const CHUNK = 32;

/** Work that two threads take from one list, by index. It can be handed to a worker. */
export interface SharedQueue {
  readonly size: number;
  /** [chunks taken]; a number past the last chunk stops both threads. */
  readonly taken: Int32Array;
}

/** How a queue is worked off, by this thread and perhaps another. */
export interface SharedWork<Own> {
  readonly queue: SharedQueue;
  /** This thread's share. It pauses after each item, and in the course of long ones, so that others get their turn. */
  readonly share: Generator<void, Own>;
  /** The module of a second thread, where it is worth its start, and the `workerData` for it; it posts one message. */
  readonly worker: { readonly module: URL; readonly data: unknown } | undefined;
  readonly signal: AbortSignal;
  /** Called with the number of items that are done or under way. */
  progress?(items: number): void;
}

export function createSharedQueue(size: number): SharedQueue {
  return { size, taken: new Int32Array(new SharedArrayBuffer(4)) };
}

/**
 * The indexes of one thread's share. One thread starts at the front and the other at the back, so that they seldom
 * work in the same folder, whose lock would make them wait.
 */
export function* takeItems({ size, taken }: SharedQueue, from: 'front' | 'back'): Generator<number> {
  const chunks = Math.ceil(size / CHUNK);
  for (let own = 0; Atomics.add(taken, 0, 1) < chunks; own++) {
    const first = (from === 'front' ? own : chunks - 1 - own) * CHUNK;
    const end = Math.min(first + CHUNK, size);
    for (let index = first; index < end; index++) yield index;
  }
}

/** Lets both threads end after the chunk they are at. */
export function stopQueue({ size, taken }: SharedQueue): void {
  Atomics.store(taken, 0, Math.ceil(size / CHUNK));
}

/**
 * Works a queue off, and returns when both threads have come to rest.
 *
 * @returns what this thread's share gave, and what the other thread posted
 * @throws the signal's reason, and what a thread throws
 */
export async function workOff<Own, Other>(
  work: SharedWork<Own>,
): Promise<{ readonly own: Own; readonly other: Other | undefined }> {
  const { queue, worker } = work;
  const other = worker === undefined ? undefined : runWorker<Other>(queue, worker);
  other?.catch(() => {}); // awaited below; it may fail while this thread is still at work
  try {
    const own = await workHere(work);
    return { own, other: await other };
  } catch (error) {
    stopQueue(queue);
    await Promise.allSettled([other]);
    throw error;
  }
}

async function workHere<Own>({ queue, share, signal, progress }: SharedWork<Own>): Promise<Own> {
  const pace = startTimeSlice(signal);
  try {
    for (;;) {
      const step = share.next();
      if (step.done) return step.value;
      if (pace.isOver()) {
        progress?.(Math.min(Atomics.load(queue.taken, 0) * CHUNK, queue.size));
        await pace.yield();
      }
    }
  } finally {
    share.return(undefined as Own); // what it holds open is closed
  }
}

/** The message of a worker, once it has ended. */
async function runWorker<Other>(
  queue: SharedQueue,
  { module, data }: { readonly module: URL; readonly data: unknown },
): Promise<Other> {
  const worker = new Worker(module, {
    workerData: data,
    trackUnmanagedFds: false, // it closes what it opens; the bookkeeping costs time for every file
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
