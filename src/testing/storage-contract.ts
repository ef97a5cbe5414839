import { randomUUID } from 'node:crypto';
import type { Storage } from '../storages/storage.js';
import { type CaseBody, type CaseOutcome, runCase } from './case.js';
import { bodyCases } from './cases/bodies.js';
import { encodingCases } from './cases/encodings.js';
import { headerCases } from './cases/headers.js';
import { interruptionCases } from './cases/interruption.js';
import { inventoryCases } from './cases/inventory.js';
import { overlapCases } from './cases/overlap.js';
import { removalCases } from './cases/removal.js';
import { replacementCases } from './cases/replacement.js';
import { sourceCases } from './cases/sources.js';
import { writingCases } from './cases/writing.js';

/** The storage to be tested. */
export interface StorageSubject {
  /**
   * Opens the storage at a destination of its own, such as a folder or a key prefix. It is empty when it is first opened.
   * When it is opened again, it still has its files, as a later run finds them.
   *
   * @param destination its name, different each time, of ASCII letters, digits and `-`:
   *   `staticfiles-contract-1b9d6bcd-7`
   */
  open(destination: string): Storage | Promise<Storage>;
  /** How many files count as many. Use more than the service lists on one page. Default 1200. */
  readonly files?: number;
  /** The size of a large file in bytes. Use more than one part of a multipart upload. Default 12 MiB. */
  readonly largeSize?: number;
}

/** One thing that every storage must do. */
export interface ContractCase {
  /** `an empty file is published` */
  readonly name: string;
  /** Rejects if the storage does not: with an `AssertionError`, or with what the storage threw. */
  run(): Promise<CaseOutcome>;
}

const DEFAULT_FILES = 1200;
const DEFAULT_LARGE_SIZE = 12 * 1024 * 1024;

/** All cases by name. */
const CASES: Readonly<Record<string, CaseBody>> = {
  ...inventoryCases,
  ...writingCases,
  ...bodyCases,
  ...replacementCases,
  ...removalCases,
  ...sourceCases,
  ...interruptionCases,
  ...headerCases,
  ...encodingCases,
  ...overlapCases,
};

/**
 * Returns the cases that a storage must pass for the commands of this package, for any test runner.
 *
 * @example
 * import test from 'node:test';
 * import { storageContract } from 'staticfiles/testing';
 *
 * const cases = storageContract({ open: (destination) => myStorage({ prefix: destination }) });
 * for (const { name, run } of cases) {
 *   test(name, async (context) => ((await run()) === 'does not apply' ? context.skip() : undefined));
 * }
 */
export function storageContract(subject: StorageSubject): readonly ContractCase[] {
  const { files = DEFAULT_FILES, largeSize = DEFAULT_LARGE_SIZE } = subject;
  const prefix = `staticfiles-contract-${randomUUID().slice(0, 8)}`;
  return Object.entries(CASES).map(([name, body], index) => ({
    name,
    run: () => runCase(body, { open: async () => subject.open(`${prefix}-${index}`), files, largeSize }),
  }));
}
