import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { StaticFilesError } from '../../errors.js';
import type { FileStamp } from '../../file-stamp.js';
import { createPace } from '../../pace.js';
import { type CopyJob, copyFile, type FileMode } from './copy-file.js';
import {
  type CopyQueue,
  createCopyQueue,
  jobsTaken,
  stampAt,
  stopQueue,
  takeJobs,
  writeStamp,
} from './copy-queue.js';
import type { CopyFailure } from './copy-worker.js';

/** From this many files on, a second thread saves more than its start costs (some 25 ms). */
const WORTH_A_WORKER = 2000;

export interface CopyProgress {
  readonly signal: AbortSignal;
  progress?(files: number): void;
}

/**
 * Copies all files, on two threads where there are many, and returns the state in which each source was read.
 * Stops at the first failure, after both threads have come to rest.
 */
export async function copyAll(
  jobs: readonly CopyJob[],
  mode: FileMode,
  options: CopyProgress,
): Promise<readonly FileStamp[]> {
  const queue = createCopyQueue(jobs, mode);
  const worker = jobs.length >= WORTH_A_WORKER ? startWorker(queue) : undefined;
  try {
    await copyOnThisThread(queue, options);
  } finally {
    stopQueue(queue);
    await worker?.ended;
  }
  worker?.throwFailure();
  return jobs.map((_, index) => stampAt(queue, index));
}

async function copyOnThisThread(queue: CopyQueue, options: CopyProgress): Promise<void> {
  const pace = createPace(options.signal);
  for (const index of takeJobs(queue, 'front')) {
    if (pace.due()) {
      options.progress?.(jobsTaken(queue));
      await pace.yield();
    }
    writeStamp(queue, index, copyFile(queue.jobs[index]!, queue.mode));
  }
}

interface RunningWorker {
  readonly ended: Promise<unknown>;
  throwFailure(): void;
}

function startWorker(queue: CopyQueue): RunningWorker {
  const worker = new Worker(new URL('./copy-worker.js', import.meta.url), { workerData: queue });
  let failure: CopyFailure | undefined;
  let defect: unknown;
  worker.on('message', (message: CopyFailure) => {
    failure = message;
  });
  worker.on('error', (error) => {
    stopQueue(queue);
    defect = error;
  });
  return {
    ended: once(worker, 'exit'),
    throwFailure() {
      if (defect !== undefined) throw defect;
      if (failure !== undefined) throw revive(failure);
    },
  };
}

function revive({ code, message }: CopyFailure): Error {
  return code === undefined ? new Error(message) : new StaticFilesError(code, message);
}
