import {
  createSharedQueue,
  type SharedQueue,
  stopQueue,
  takeItems,
  workOff,
} from '../../concurrency/worker-queue.js';
import { StaticFilesError } from '../../errors.js';
import {
  createStampColumns,
  joinTexts,
  type StampColumns,
  setStamp,
  splitTexts,
  stampAt,
  type TextColumn,
} from '../../files/table.js';
import type { Scan } from '../../references/reference.js';
import type { LoadedScanners, ScannerName } from '../../references/scanners.js';
import { digestFile, type FileDigest } from './digest.js';

/** From this many files on, a second thread saves more time than its start takes (about 25 ms). */
const WORTH_A_WORKER = 500;

/**
 * Digests files, on two threads if there are many.
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

/** A file to digest. */
export interface DigestJob {
  readonly file: string;
  readonly scanner: ScannerName;
}

/** The files that two threads digest. */
export interface DigestQueue extends SharedQueue {
  readonly algorithm: string;
  readonly files: TextColumn;
  readonly scanners: TextColumn;
}

/** The work of one thread: digests, the indexes of their jobs, and the failure that stopped it. */
export interface DigestShare {
  readonly indexes: readonly number[];
  readonly digests: readonly FileDigest[];
  readonly failure?: DigestFailure;
}

/** The same as it goes to another thread. */
export interface PackedShare extends Omit<DigestShare, 'digests'> {
  readonly table: DigestTable;
}

/** Why a file could not be digested. An error that is sent to another thread loses its class. */
interface DigestFailure {
  readonly message: string;
  /** Whether the file cannot be read or has changed. Any other failure is a defect. */
  readonly isSourceError: boolean;
  readonly cause: unknown;
}

function createDigestQueue(jobs: readonly DigestJob[], algorithm: string): DigestQueue {
  return {
    ...createSharedQueue(jobs.length),
    algorithm,
    files: joinTexts(jobs.map(({ file }) => file)),
    scanners: joinTexts(jobs.map(({ scanner }) => scanner)),
  };
}

/** Digests files from one end of the queue and pauses after each. A failure stops the other thread too. */
export function* digestShare(
  queue: DigestQueue,
  from: 'front' | 'back',
  scanners: LoadedScanners,
): Generator<void, DigestShare> {
  const files = splitTexts(queue.files);
  const names = scannerNames(queue);
  const indexes: number[] = [];
  const digests: FileDigest[] = [];
  for (const index of takeItems(queue, from)) {
    try {
      digests.push(digestFile(files[index]!, scanners.get(names[index]!), queue.algorithm));
      indexes.push(index);
    } catch (error) {
      stopQueue(queue);
      return { indexes, digests, failure: failureOf(error) };
    }
    yield;
  }
  return { indexes, digests };
}

/** The scanner of each file. */
export function scannerNames({ scanners }: DigestQueue): readonly ScannerName[] {
  return splitTexts(scanners) as ScannerName[];
}

function failureOf(error: unknown): DigestFailure {
  const { message, cause } = error as Error;
  return error instanceof StaticFilesError
    ? { message, isSourceError: true, cause }
    : { message, isSourceError: false, cause: error };
}

/** Many digests as columns, in which they go to another thread or to disk. */
export interface DigestTable {
  readonly stamps: StampColumns;
  readonly hashes: TextColumn;
  readonly integrities: TextColumn;
  /** JSON; `''` for a file of a type that holds no references, `-` for one that could and holds none. */
  readonly scans: TextColumn;
}

const NOTHING_FOUND: Scan = { references: [], skipped: [], warnings: [] };

export function packDigests(digests: readonly FileDigest[]): DigestTable {
  const stamps = createStampColumns(digests.length);
  digests.forEach(({ stamp }, index) => {
    setStamp(stamps, index, stamp);
  });
  return {
    stamps,
    hashes: joinTexts(digests.map(({ content }) => content.hash)),
    integrities: joinTexts(digests.map(({ content }) => content.integrity)),
    scans: joinTexts(digests.map(({ scan }) => packScan(scan))),
  };
}

/** The digests of a table by index, each made when it is asked for. */
export function unpackDigests(table: DigestTable): (index: number) => FileDigest {
  const hashes = splitTexts(table.hashes);
  const integrities = splitTexts(table.integrities);
  const scans = splitTexts(table.scans);
  return (index) => {
    const stamp = stampAt(table.stamps, index)!;
    const content = { hash: hashes[index]!, size: stamp.size, integrity: integrities[index]! };
    return { content, scan: unpackScan(scans[index]!), stamp };
  };
}

function packScan(scan: Scan | undefined): string {
  if (scan === undefined) return '';
  const { references, skipped, warnings } = scan;
  return references.length + skipped.length + warnings.length === 0 ? '-' : JSON.stringify(scan);
}

function unpackScan(packed: string): Scan | undefined {
  if (packed === '') return undefined;
  return packed === '-' ? NOTHING_FOUND : (JSON.parse(packed) as Scan);
}
