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

/** The storage that is tested. */
export interface StorageSubject {
  /**
   * Opens the storage over a place of its own: a folder, a prefix of keys. A place is empty when it is first opened;
   * opened again it is the same, as a later run sees it. The names are made of ASCII letters, digits and `-`, and are
   * others each time: `staticfiles-contract-1b9d6bcd-7`.
   */
  open(place: string): Storage | Promise<Storage>;
  /** How many files the case of many files publishes. Default 1200; more than a page of the service's listings proves most. */
  readonly files?: number;
  /** The size of the large file, bytes. Default 12 MiB; more than a part of a multipart upload proves most. */
  readonly largeSize?: number;
}

/** Something that every storage must do. */
export interface ContractCase {
  /** `an empty file is published` */
  readonly name: string;
  /** Rejects where the storage does not: with an `AssertionError`, or with what the storage threw. */
  run(): Promise<CaseOutcome>;
}

const DEFAULT_FILES = 1200;
const DEFAULT_LARGE_SIZE = 12 * 1024 * 1024;

/** All cases, by what they demand. */
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
 * What the commands of this package rely on in a storage, as cases for any test runner.
 *
 * @example
 * import test from 'node:test';
 * import { storageContract } from 'staticfiles/testing';
 *
 * for (const { name, run } of storageContract({ open: (place) => myStorage({ prefix: place }) })) test(name, run);
 */
export function storageContract(subject: StorageSubject): readonly ContractCase[] {
  const { files = DEFAULT_FILES, largeSize = DEFAULT_LARGE_SIZE } = subject;
  const prefix = `staticfiles-contract-${randomUUID().slice(0, 8)}`;
  return Object.entries(CASES).map(([name, body], index) => ({
    name,
    run: () => runCase(body, { open: async () => subject.open(`${prefix}-${index}`), files, largeSize }),
  }));
}
