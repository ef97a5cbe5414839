import { workOff } from '../../shared-queue.js';
import type { StampColumns } from '../../stamp-columns.js';
import { CopyError, explainCopyError, type FileMode } from './copy-file.js';
import { type CopyFailure, type CopyJob, copyShare, createCopyQueue } from './copy-queue.js';

/** From this many files on, a second thread saves more than its start costs (some 25 ms). */
const WORTH_A_WORKER = 2000;

export interface CopyProgress {
  readonly signal: AbortSignal;
  progress?(files: number): void;
}

/**
 * Copies all files, on two threads where there are many; stops at the first failure, after both have come to rest.
 *
 * @param targetOf what the copy of a job is to be in the end, for messages
 * @returns the state in which each source was copied, by the jobs' order
 */
export async function copyAll(
  jobs: readonly CopyJob[],
  mode: FileMode,
  targetOf: (index: number) => string,
  options: CopyProgress,
): Promise<StampColumns> {
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
    const { index, side, cause } = failure;
    throw explainCopyError(new CopyError(side, cause), jobs[index]!.from, targetOf(index));
  }
  return queue.copied;
}
