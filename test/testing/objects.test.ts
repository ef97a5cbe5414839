import { describe, expect, it } from 'vitest';
import { systemClock } from '../../src/storages/objects/clock.js';
import { objectStorageBy } from '../../src/storages/objects/object-storage.js';
import { storageContract } from '../../src/testing/storage-contract.js';
import { leapingClock } from '../support/leaping-clock.js';
import { type MemoryBehaviour, memoryStore } from '../support/memory-store.js';

/** The cases about several runs at once. */
const OVERLAP = /two runs at once|while files are removed|at the same time|the lock/;

const SERVICES: readonly (readonly [name: string, behaviour: MemoryBehaviour, exclusive: boolean])[] = [
  ['a version for each write', { version: 'write' }, true],
  ['a version for the bytes', { version: 'bytes' }, true],
  ['conditions that it ignores', { version: 'bytes', keepsConditions: false }, false],
];

describe.each(SERVICES)('a storage of a service with %s', (_, behaviour, exclusive) => {
  const store = memoryStore({}, behaviour);
  // Runs that wait for each other wait some milliseconds. Without conditions, each run waits three seconds.
  const clock = () => (exclusive ? systemClock : leapingClock());
  const open = (destination: string) => objectStorageBy(clock(), store, { prefix: destination });

  it.each(storageContract({ open, largeSize: 3_000_000 }))('$name', async ({ name, run }) => {
    expect(await run()).toBe(!exclusive && OVERLAP.test(name) ? 'does not apply' : 'met');
  });
});

describe('a storage whose store says that it has no conditions', () => {
  const store = memoryStore({ conditional: false }, { version: 'bytes', keepsConditions: false });
  const open = (destination: string) => objectStorageBy(leapingClock(), store, { prefix: destination });
  const cases = storageContract({ open }).filter(({ name }) => OVERLAP.test(name));

  it.each(cases)('does not claim to keep runs apart: $name', async ({ run }) => {
    expect(await run()).toBe('does not apply');
  });
});
