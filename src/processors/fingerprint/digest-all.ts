import { StaticFilesError } from '../../errors.js';
import type { LoadedScanners } from '../../references/scanners.js';
import { workOff } from '../../shared-queue.js';
import type { FileDigest } from './digest.js';
import {
  createDigestQueue,
  type DigestFailure,
  type DigestJob,
  type DigestShare,
  digestShare,
  type PackedShare,
} from './digest-share.js';
import { unpackDigests } from './digest-table.js';

/** From this many files on, a second thread saves more than its start costs (some 25 ms). */
const WORTH_A_WORKER = 500;

/**
 * Reads files, on two threads where there are many.
 *
 * @param scanners those that the jobs name
 * @returns the digests, in the order of the files
 * @throws StaticFilesError `source` for a file that cannot be read, or changes meanwhile
 */
export async function digestAll(
  jobs: readonly DigestJob[],
  algorithm: string,
  scanners: LoadedScanners,
  signal: AbortSignal,
): Promise<readonly FileDigest[]> {
  const queue = createDigestQueue(jobs, algorithm);
  const module = new URL('./digest-worker.js', import.meta.url);
  const { own, other } = await workOff<DigestShare, PackedShare>({
    queue,
    share: digestShare(queue, 'front', scanners),
    worker: jobs.length >= WORTH_A_WORKER ? { module, data: queue } : undefined,
    signal,
  });
  const failure = own.failure ?? other?.failure;
  if (failure !== undefined) throw errorOf(failure);
  const digests: FileDigest[] = [];
  own.indexes.forEach((job, index) => {
    digests[job] = own.digests[index]!;
  });
  if (other !== undefined) {
    const digestAt = unpackDigests(other.table);
    other.indexes.forEach((job, index) => {
      digests[job] = digestAt(index);
    });
  }
  return digests;
}

function errorOf({ message, isSourceError, cause }: DigestFailure): unknown {
  return isSourceError ? new StaticFilesError('source', message, { cause }) : cause;
}
