import { StaticFilesError } from '../../errors.js';
import type { LoadedScanners, ScannerName } from '../../references/scanners.js';
import { createSharedQueue, type SharedQueue, stopQueue, takeItems } from '../../shared-queue.js';
import { joinTexts, splitTexts, type TextColumn } from '../../text-column.js';
import { digestFile, type FileDigest } from './digest.js';
import type { DigestTable } from './digest-table.js';

/** A file to be read. */
export interface DigestJob {
  readonly file: string;
  readonly scanner: ScannerName;
}

/** The files that two threads are to read. */
export interface DigestQueue extends SharedQueue {
  readonly algorithm: string;
  readonly files: TextColumn;
  readonly scanners: TextColumn;
}

/** What one thread found out: digests, the jobs they belong to, and the failure at which it stopped. */
export interface DigestShare {
  readonly indexes: readonly number[];
  readonly digests: readonly FileDigest[];
  readonly failure?: DigestFailure;
}

/** The same as it goes to another thread. */
export interface PackedShare extends Omit<DigestShare, 'digests'> {
  readonly table: DigestTable;
}

/** A file that could not be digested; the way between threads costs an error its class. */
export interface DigestFailure {
  readonly message: string;
  /** Of a file that cannot be read or changed meanwhile; any other is a defect. */
  readonly isSourceError: boolean;
  readonly cause: unknown;
}

export function createDigestQueue(jobs: readonly DigestJob[], algorithm: string): DigestQueue {
  return {
    ...createSharedQueue(jobs.length),
    algorithm,
    files: joinTexts(jobs.map(({ file }) => file)),
    scanners: joinTexts(jobs.map(({ scanner }) => scanner)),
  };
}

/** Reads one thread's share, pausing after each file; stops the other thread too at a failure. */
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
