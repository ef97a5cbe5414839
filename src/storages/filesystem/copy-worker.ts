import { parentPort, workerData } from 'node:worker_threads';
import { StaticFilesError } from '../../errors.js';
import { copyFile } from './copy-file.js';
import { type CopyQueue, stopQueue, takeJobs, writeStamp } from './copy-queue.js';

/** What a worker says when it fails: an error's class does not survive the way between threads. */
export interface CopyFailure {
  readonly code: StaticFilesError['code'] | undefined;
  readonly message: string;
}

const queue = workerData as CopyQueue;

try {
  for (const index of takeJobs(queue, 'back')) {
    writeStamp(queue, index, copyFile(queue.jobs[index]!, queue.mode));
  }
} catch (error) {
  stopQueue(queue);
  const failure: CopyFailure = {
    code: error instanceof StaticFilesError ? error.code : undefined,
    message: error instanceof Error ? error.message : String(error),
  };
  parentPort?.postMessage(failure);
}
