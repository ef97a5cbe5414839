import type { FileStamp } from '../../file-stamp.js';
import { CopyError, copyFile, type FailedSide, type FileMode } from './copy-file.js';

const CHUNK = 32;
const FIELDS = 4;

/** One file to be copied. */
export interface CopyJob {
  readonly publicPath: string;
  readonly from: string;
  /** For messages: what the copy is to be in the end. */
  readonly target: string;
  /** Where the copy is written; nothing stands there yet. */
  readonly to: string;
  /** The state that the source must be in. */
  readonly expected: FileStamp | undefined;
}

/** A job that could not be done; the way between threads costs an error its class. */
export interface CopyFailure {
  readonly index: number;
  readonly side: FailedSide;
  readonly cause: unknown;
}

/** What two threads share: the jobs, how many are taken, and in what state each source was copied. */
export interface CopyQueue {
  readonly mode: FileMode;
  /** Paths, each list in one string with NUL between: strings go to another thread much faster than objects. */
  readonly from: string;
  readonly to: string;
  readonly size: number;
  /** [chunks taken]; a number past the last chunk stops both threads. */
  readonly taken: Int32Array;
  /** Four numbers a job: size, mtimeMs, ctimeMs, ino. */
  readonly expected: Float64Array;
  readonly copied: Float64Array;
}

/** A queue in shared memory, which a worker can be handed. */
export function createCopyQueue(jobs: readonly CopyJob[], mode: FileMode): CopyQueue {
  const queue: CopyQueue = {
    mode,
    from: jobs.map((job) => job.from).join('\0'),
    to: jobs.map((job) => job.to).join('\0'),
    size: jobs.length,
    taken: new Int32Array(new SharedArrayBuffer(4)),
    expected: new Float64Array(new SharedArrayBuffer(jobs.length * FIELDS * 8)),
    copied: new Float64Array(new SharedArrayBuffer(jobs.length * FIELDS * 8)),
  };
  jobs.forEach((job, index) => {
    if (job.expected) setStamp(queue.expected, index, job.expected);
  });
  return queue;
}

/**
 * Copies one thread's share, pausing after each file so that the caller may yield. One thread starts at the front
 * and the other at the back, so that they seldom work in the same folder, whose lock would make them wait.
 *
 * @returns the failure at which it stopped, having stopped the other thread too
 */
export function* copyShare(
  queue: CopyQueue,
  from: 'front' | 'back',
): Generator<void, CopyFailure | undefined> {
  const sources = queue.from.split('\0');
  const targets = queue.to.split('\0');
  for (const index of takeJobs(queue, from)) {
    try {
      const expected = stampAt(queue.expected, index);
      setStamp(queue.copied, index, copyFile(sources[index]!, targets[index]!, expected, queue.mode));
    } catch (error) {
      stopQueue(queue);
      if (error instanceof CopyError) return { index, side: error.side, cause: error.cause };
      throw error;
    }
    yield;
  }
  return undefined;
}

function* takeJobs(queue: CopyQueue, from: 'front' | 'back'): Generator<number> {
  const chunks = Math.ceil(queue.size / CHUNK);
  for (let own = 0; Atomics.add(queue.taken, 0, 1) < chunks; own++) {
    const first = (from === 'front' ? own : chunks - 1 - own) * CHUNK;
    const end = Math.min(first + CHUNK, queue.size);
    for (let index = first; index < end; index++) yield index;
  }
}

/** Lets both threads end after the chunk they are at. */
export function stopQueue(queue: CopyQueue): void {
  Atomics.store(queue.taken, 0, Math.ceil(queue.size / CHUNK));
}

/** How many jobs are done or under way. */
export function jobsTaken(queue: CopyQueue): number {
  return Math.min(Atomics.load(queue.taken, 0) * CHUNK, queue.size);
}

function setStamp(stamps: Float64Array, index: number, stamp: FileStamp): void {
  const at = index * FIELDS;
  stamps[at] = stamp.size;
  stamps[at + 1] = stamp.mtimeMs;
  stamps[at + 2] = stamp.ctimeMs;
  stamps[at + 3] = stamp.ino;
}

/** The stamp of a job, `undefined` where none was set. */
export function stampAt(stamps: Float64Array, index: number): FileStamp | undefined {
  const at = index * FIELDS;
  if (stamps[at + 2] === 0) return undefined;
  return { size: stamps[at]!, mtimeMs: stamps[at + 1]!, ctimeMs: stamps[at + 2]!, ino: stamps[at + 3]! };
}
