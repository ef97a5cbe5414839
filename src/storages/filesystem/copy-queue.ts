import type { FileStamp } from '../../file-stamp.js';
import type { CopyJob, FileMode } from './copy-file.js';

const CHUNK = 32;
const FIELDS = 4;

/** What the two threads of a copy share: the jobs, how many are taken, and what was seen of each source. */
export interface CopyQueue {
  readonly jobs: readonly CopyJob[];
  readonly mode: FileMode;
  /** [chunks taken]; a number past the last chunk stops both threads. */
  readonly taken: Int32Array;
  /** Four numbers a job: size, mtimeMs, ctimeMs, ino. */
  readonly stamps: Float64Array;
}

/** A queue in shared memory, which a worker can be handed. */
export function createCopyQueue(jobs: readonly CopyJob[], mode: FileMode): CopyQueue {
  return {
    jobs,
    mode,
    taken: new Int32Array(new SharedArrayBuffer(4)),
    stamps: new Float64Array(new SharedArrayBuffer(jobs.length * FIELDS * 8)),
  };
}

/**
 * The jobs of one thread, each taken once. One thread starts at the front and the other at the back, so that they
 * seldom work in the same folder, whose lock would make them wait for each other.
 */
export function* takeJobs(queue: CopyQueue, from: 'front' | 'back'): Generator<number> {
  const chunks = Math.ceil(queue.jobs.length / CHUNK);
  for (let own = 0; Atomics.add(queue.taken, 0, 1) < chunks; own++) {
    const first = (from === 'front' ? own : chunks - 1 - own) * CHUNK;
    const end = Math.min(first + CHUNK, queue.jobs.length);
    for (let index = first; index < end; index++) yield index;
  }
}

/** Lets both threads end after the chunk they are at. */
export function stopQueue(queue: CopyQueue): void {
  Atomics.store(queue.taken, 0, Math.ceil(queue.jobs.length / CHUNK));
}

/** How many jobs are done or under way. */
export function jobsTaken(queue: CopyQueue): number {
  return Math.min(Atomics.load(queue.taken, 0) * CHUNK, queue.jobs.length);
}

export function writeStamp(queue: CopyQueue, index: number, stamp: FileStamp): void {
  const at = index * FIELDS;
  queue.stamps[at] = stamp.size;
  queue.stamps[at + 1] = stamp.mtimeMs;
  queue.stamps[at + 2] = stamp.ctimeMs;
  queue.stamps[at + 3] = stamp.ino;
}

export function stampAt(queue: CopyQueue, index: number): FileStamp {
  const [size, mtimeMs, ctimeMs, ino] = queue.stamps.subarray(
    index * FIELDS,
    (index + 1) * FIELDS,
  ) as unknown as [number, number, number, number];
  return { size, mtimeMs, ctimeMs, ino };
}
