import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { StaticFilesError } from '../../errors.js';
import type { FileStamp } from '../../file-stamp.js';
import { createPace } from '../../pace.js';
import { CopyError, explainCopyError, type FileMode } from './copy-file.js';
import {
  type CopyFailure,
  type CopyJob,
  type CopyQueue,
  copyShare,
  createCopyQueue,
  jobsTaken,
  stampAt,
  stopQueue,
} from './copy-queue.js';

/** From this many files on, a second thread saves more than its start costs (some 25 ms). */
const WORTH_A_WORKER = 2000;

export interface CopyProgress {
  readonly signal: AbortSignal;
  progress?(files: number): void;
}

/**
 * Copies all files, on two threads where there are many; stops at the first failure, after both have come to rest.
 *
 * @returns the state in which each source was copied, by public path
 */
export async function copyAll(
  jobs: readonly CopyJob[],
  mode: FileMode,
  options: CopyProgress,
): Promise<ReadonlyMap<string, FileStamp>> {
  const queue = createCopyQueue(jobs, mode);
  const worker = jobs.length >= WORTH_A_WORKER ? startWorker(queue) : undefined;
  let failure: CopyFailure | undefined;
  try {
    failure = await copyOnThisThread(queue, options);
  } finally {
    stopQueue(queue);
    failure ??= await worker;
  }
  if (failure !== undefined) throw explain(failure, jobs);
  return new Map(jobs.map(({ publicPath }, index) => [publicPath, stampAt(queue.copied, index)!]));
}

function explain({ index, side, cause }: CopyFailure, jobs: readonly CopyJob[]): StaticFilesError {
  const { from, target } = jobs[index]!;
  return explainCopyError(new CopyError(side, cause), from, target);
}

async function copyOnThisThread(queue: CopyQueue, options: CopyProgress): Promise<CopyFailure | undefined> {
  const pace = createPace(options.signal);
  const share = copyShare(queue, 'front');
  for (;;) {
    const step = share.next();
    if (step.done) return step.value;
    if (pace.due()) {
      options.progress?.(jobsTaken(queue));
      await pace.yield();
    }
  }
}

async function startWorker(queue: CopyQueue): Promise<CopyFailure | undefined> {
  const worker = new Worker(new URL('./copy-worker.js', import.meta.url), {
    workerData: queue,
    trackUnmanagedFds: false, // it closes what it opens; the bookkeeping costs time for every file
  });
  const ended = once(worker, 'exit');
  try {
    const [failure] = (await once(worker, 'message')) as [CopyFailure | undefined];
    return failure;
  } catch (error) {
    stopQueue(queue);
    throw error;
  } finally {
    await ended;
  }
}
