import {
  createSharedQueue,
  type SharedQueue,
  stopQueue,
  takeItems,
  workOff,
} from '../../concurrency/worker-queue.js';
import { systemErrorCode } from '../../errors.js';
import type { FileStamp } from '../../files/stamp.js';
import {
  type Column,
  createSharedStamps,
  group,
  optional,
  type SharedStamps,
  setStamp,
  stamp,
  text,
} from '../../files/table.js';
import { CopyError, copyFile, explainCopyError, type FailedSide, type FileMode } from './copy-file.js';

/** One file to be copied. */
export interface CopyJob {
  readonly from: string;
  /** The path of the copy, which does not exist yet. */
  readonly to: string;
  /** The state that the source must be in. */
  readonly expected: FileStamp | undefined;
}

/** A job that failed. An error would lose its class and its code on the way between threads. */
export interface CopyFailure {
  readonly index: number;
  readonly side: FailedSide;
  readonly cause: unknown;
  /** The code of the cause, if that is a system error. */
  readonly code: string | undefined;
}

/** The jobs of two threads, and the state in which each source was copied. */
export interface CopyQueue extends SharedQueue {
  readonly mode: FileMode;
  /** Packed {@link JOB}s. */
  readonly jobs: unknown;
  readonly copied: SharedStamps;
}

const JOB: Column<CopyJob> = group({ from: text, to: text, expected: optional(stamp) });

/** Creates a queue in shared memory that can be passed to a worker. */
function createCopyQueue(jobs: readonly CopyJob[], mode: FileMode): CopyQueue {
  return {
    ...createSharedQueue(jobs.length),
    mode,
    jobs: JOB.pack(jobs),
    copied: createSharedStamps(jobs.length),
  };
}

/**
 * Copies one thread's share. Yields after each file, and within large ones.
 *
 * @returns the failure that stopped it and the other thread
 */
export function* copyShare(
  queue: CopyQueue,
  from: 'front' | 'back',
): Generator<void, CopyFailure | undefined> {
  const jobAt = JOB.open(queue.jobs, queue.size)!;
  for (const index of takeItems(queue, from)) {
    const job = jobAt(index);
    try {
      const copied = yield* copyFile(job.from, job.to, job.expected, queue.mode);
      setStamp(queue.copied, index, copied);
    } catch (error) {
      stopQueue(queue);
      if (!(error instanceof CopyError)) throw error;
      const { side, cause } = error;
      return { index, side, cause, code: systemErrorCode(cause) };
    }
    yield;
  }
  return undefined;
}

/** From this many files on, a second thread saves more time than it takes to start (about 25 ms). */
const WORTH_A_WORKER = 2000;

export interface CopyProgress {
  readonly signal: AbortSignal;
  progress?(files: number): void;
}

/**
 * Copies all files, with a second thread if there are many. At the first failure it waits until both threads have stopped.
 *
 * @param targetOf returns the final path of a job's copy, for messages
 * @returns the state in which each source was copied, in the order of the jobs
 */
export async function copyAll(
  jobs: readonly CopyJob[],
  mode: FileMode,
  targetOf: (index: number) => string,
  options: CopyProgress,
): Promise<SharedStamps> {
  const queue = createCopyQueue(jobs, mode);
  const module = new URL('./copy-worker.js', import.meta.url);
  const { own, other } = await workOff<CopyFailure | undefined, CopyFailure>({
    ...options,
    queue,
    share: copyShare(queue, 'front'),
    worker: jobs.length >= WORTH_A_WORKER ? { module, data: queue } : undefined,
  });
  const failure = own ?? other;
  if (failure !== undefined) {
    const { index, side, cause, code } = failure;
    if (cause instanceof Error && code !== undefined) Object.assign(cause, { code });
    throw explainCopyError(new CopyError(side, cause), jobs[index]!.from, targetOf(index));
  }
  return queue.copied;
}
