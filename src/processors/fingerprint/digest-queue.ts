import {
  createSharedQueue,
  type SharedQueue,
  stopQueue,
  takeItems,
  workOff,
} from '../../concurrency/worker-queue.js';
import { StaticFilesError } from '../../errors.js';
import { readStampIfAny } from '../../files/stamp.js';
import { type Column, converted, group, number, stamp, text } from '../../files/table.js';
import type { ContentInfo } from '../../model/output.js';
import { NOTHING_FOUND } from '../../references/make-reference.js';
import type { Scan } from '../../references/reference.js';
import type { LoadedScanners, ScannerName } from '../../references/scanners.js';
import { digestFile, type FileDigest } from './digest.js';

/**
 * A second thread loads the scanners again, and what it finds is sent from there. So it starts only after this one has
 * scanned some bytes, and if many seem to be left. Not by time: on a busy machine everything seems to take long.
 */
const WORTH_A_WORKER = { after: 10_000_000, left: 40_000_000 };

/** How many files are looked at to estimate what is left, and how many bytes each counts at most: huge ones are rare. */
const SAMPLE = { files: 256, bytes: 256 * 1024 };

/**
 * Digests files, on two threads if there is much to scan.
 *
 * @param scanners the scanners that the jobs name
 * @returns the digests, in the order of the jobs
 * @throws StaticFilesError `source` for a file that cannot be read, or changes while it is read
 */
export async function digestAll(
  jobs: readonly DigestJob[],
  algorithm: string,
  scanners: LoadedScanners,
  signal: AbortSignal,
): Promise<readonly FileDigest[]> {
  const queue: DigestQueue = { ...createSharedQueue(jobs.length), algorithm };
  const scanned = { bytes: 0 };
  let worthIt: boolean | undefined;
  const isWorthIt = (done: number) => {
    if (scanned.bytes < WORTH_A_WORKER.after) return false;
    worthIt ??= bytesLeft(jobs, Math.round(done * jobs.length)) >= WORTH_A_WORKER.left; // later, less is left
    return worthIt;
  };
  const module = new URL('./digest-worker.js', import.meta.url);
  const { own, other } = await workOff<DigestShare, PackedShare>({
    queue,
    share: digestShare(queue, (index) => jobs[index]!, scanners, scanned),
    worker: { module, data: () => ({ queue, jobs: JOB.pack(jobs) }) satisfies WorkerData, isWorthIt },
    signal,
  });
  const failure = own.failure ?? other?.failure;
  if (failure !== undefined) throw errorOf(failure);
  const digests: FileDigest[] = [];
  own.indexes.forEach((job, index) => {
    digests[job] = own.digests[index]!;
  });
  if (other !== undefined) {
    const digestAt = DIGEST.open(other.digests, other.indexes.length)!;
    other.indexes.forEach((job, index) => {
      digests[job] = digestAt(index);
    });
  }
  return digests;
}

/**
 * Estimates how many bytes are left to scan, from the sizes of some files. What was scanned says little: a folder with the
 * large files of a package may come first.
 */
function bytesLeft(jobs: readonly DigestJob[], from: number): number {
  const step = Math.ceil((jobs.length - from) / SAMPLE.files);
  let bytes = 0;
  for (let index = from; index < jobs.length; index += step) {
    const { file, scanner } = jobs[index]!;
    if (scanner !== '') bytes += Math.min(readStampIfAny(file)?.size ?? 0, SAMPLE.bytes);
  }
  return bytes * step;
}

function errorOf({ message, isSourceError, cause }: DigestFailure): unknown {
  return isSourceError ? new StaticFilesError('source', message, { cause }) : cause;
}

/** A file to digest. */
export interface DigestJob {
  readonly file: string;
  readonly scanner: ScannerName;
}

/** The indexes of the files that two threads digest. */
interface DigestQueue extends SharedQueue {
  readonly algorithm: string;
}

/** What the second thread gets. */
export interface WorkerData {
  readonly queue: DigestQueue;
  /** Packed {@link DigestJob}s. */
  readonly jobs: unknown;
}

type JobAt = (index: number) => DigestJob;

const JOB = group({ file: text, scanner: text as Column<ScannerName> });

/** The work of one thread: digests, the indexes of their jobs, and the failure that stopped it. */
export interface DigestShare {
  readonly indexes: readonly number[];
  readonly digests: readonly FileDigest[];
  readonly failure?: DigestFailure;
}

/** The work of the second thread, as it is sent to the first one. */
export interface PackedShare extends Omit<DigestShare, 'digests'> {
  /** Packed {@link DIGEST}s. */
  readonly digests: unknown;
}

/** Why a file could not be digested. An error that is sent to another thread loses its class. */
interface DigestFailure {
  readonly message: string;
  /** Whether the file cannot be read or has changed. Any other failure is a defect. */
  readonly isSourceError: boolean;
  readonly cause: unknown;
}

/**
 * Digests the files that it takes from the queue and pauses after each. A failure stops the other thread too.
 *
 * @param scanned counts the bytes of the files that have a scanner
 */
export function* digestShare(
  queue: DigestQueue,
  jobAt: JobAt,
  scanners: LoadedScanners,
  scanned: { bytes: number } = { bytes: 0 },
): Generator<void, DigestShare> {
  const indexes: number[] = [];
  const digests: FileDigest[] = [];
  for (const index of takeItems(queue)) {
    const { file, scanner } = jobAt(index);
    try {
      const digest = digestFile(file, scanners.get(scanner), queue.algorithm);
      digests.push(digest);
      indexes.push(index);
      if (scanner !== '') scanned.bytes += digest.content.size;
    } catch (error) {
      stopQueue(queue);
      return { indexes, digests, failure: failureOf(error) };
    }
    yield;
  }
  return { indexes, digests };
}

/** Returns the jobs that the second thread gets. */
export function openJobs({ queue, jobs }: WorkerData): JobAt {
  return JOB.open(jobs, queue.size)!;
}

function failureOf(error: unknown): DigestFailure {
  const { message, cause } = error as Error;
  return error instanceof StaticFilesError
    ? { message, isSourceError: true, cause }
    : { message, isSourceError: false, cause: error };
}

/** JSON; `''` for a type of file without references, `-` for a file in which none were found. */
const SCAN = converted(text, packScan, unpackScan);

export const CONTENT: Column<ContentInfo> = group({ hash: text, size: number, integrity: text });

export const DIGEST: Column<FileDigest> = group({ content: CONTENT, stamp, scan: SCAN });

function packScan(scan: Scan | undefined): string {
  if (scan === undefined) return '';
  const { references, skipped, warnings, urlTests = [], customProperties } = scan;
  const found = references.length + skipped.length + warnings.length + urlTests.length;
  return found === 0 && customProperties === undefined ? '-' : JSON.stringify(scan);
}

function unpackScan(packed: string): Scan | undefined {
  if (packed === '') return undefined;
  return packed === '-' ? NOTHING_FOUND : (JSON.parse(packed) as Scan);
}
