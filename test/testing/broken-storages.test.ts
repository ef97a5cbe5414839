import { AssertionError } from 'node:assert';
import { describe, expect, it } from 'vitest';
import { systemErrorCode } from '../../src/errors.js';
import { filesystemStorage } from '../../src/storages/filesystem/filesystem.js';
import type { Storage } from '../../src/storages/storage.js';
import { storageContract } from '../../src/testing/storage-contract.js';
import { newProject } from '../support/project.js';
import { type Break, FILESYSTEM_BREAKS, MEMORY_BREAKS } from './breaks.js';
import { memoryStorages } from './memory-storage.js';

const project = newProject({});
const context = {
  baseDir: project.dir,
  staticRoot: project.path('root'),
  staticUrl: '/static/',
  cacheDir: project.path('cache'),
};
const inMemory = memoryStorages();
const onDisk = (location: string) => filesystemStorage({ location }, context);

function casesOf(open: (destination: string) => Storage, broken?: Break) {
  const opened = (destination: string) => {
    const storage = open(destination);
    return { ...storage, ...broken?.(storage) };
  };
  return new Map(storageContract({ open: opened }).map((each) => [each.name, each.run]));
}

/** Runs a case with a broken storage. The mistake may also show as an error that the storage threw. */
async function failureOf(run: () => Promise<unknown>): Promise<string> {
  try {
    await run();
    return 'nothing';
  } catch (error) {
    const thrown = error instanceof AssertionError || systemErrorCode(error) === 'ENOENT';
    return thrown ? 'found by the case' : `an error of another kind: ${error}`;
  }
}

describe('a storage in memory', () => {
  it.each([...casesOf(inMemory)])('%s', async (name, run) => {
    expect(await run()).toBe(name.includes('lock') ? 'does not apply' : 'met');
  });
});

describe('a mistake is found', () => {
  it.each(Object.entries(FILESYSTEM_BREAKS))('%s', async (name, broken) => {
    expect(await failureOf(casesOf(onDisk, broken).get(name)!)).toBe('found by the case');
  });

  it.each(Object.entries(MEMORY_BREAKS))('%s', async (name, broken) => {
    expect(await failureOf(casesOf(inMemory, broken).get(name)!)).toBe('found by the case');
  });

  it('for each case', () => {
    const broken = [...Object.keys(FILESYSTEM_BREAKS), ...Object.keys(MEMORY_BREAKS)];
    expect(broken.sort()).toEqual([...casesOf(onDisk).keys()].sort());
  });
});
