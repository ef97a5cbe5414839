import { runInSlices } from '../../concurrency/time-slice.js';
import type { FileStamp } from '../../files/stamp.js';
import { CopyError, copyFile, explainCopyError, type FileMode, newCopyBuffer } from './copy-file.js';

/** One file to be copied. */
export interface CopyJob {
  readonly from: string;
  /** The path of the copy, which does not exist yet. */
  readonly to: string;
  /** The state that the source must be in. */
  readonly expected: FileStamp | undefined;
}

export interface CopyProgress {
  readonly signal: AbortSignal;
  progress?(files: number): void;
}

/**
 * Copies all files, in their order, and stops at the first failure. A small file with two copies in a row is read once. One
 * thread does it: a second one gained nothing in memory, and about an eighth on a disk.
 *
 * @param jobs each is asked for when it is its turn
 * @param targetOf returns the final path of a job's copy, for messages
 * @returns the state in which each source was copied, in the order of the jobs
 * @throws StaticFilesError `source` or `target`
 */
export async function copyAll(
  jobs: Iterable<CopyJob>,
  mode: FileMode,
  targetOf: (index: number) => string,
  { signal, progress }: CopyProgress,
): Promise<readonly FileStamp[]> {
  const copied: FileStamp[] = [];
  const buffer = newCopyBuffer(); // of its own: another run in this process may copy between two steps
  function* copyEach(): Generator<void, void> {
    for (const { from, to, expected } of jobs) {
      try {
        copied.push(yield* copyFile(from, to, expected, mode, buffer));
      } catch (error) {
        throw error instanceof CopyError ? explainCopyError(error, from, targetOf(copied.length)) : error;
      }
      yield;
    }
  }
  await runInSlices(copyEach(), signal, () => progress?.(copied.length));
  return copied;
}
