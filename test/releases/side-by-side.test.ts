import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { listReleases } from '../../src/releases/list.js';
import { objectStorageBy } from '../../src/storages/objects/object-storage.js';
import type { ObjectStore } from '../../src/storages/objects/object-store.js';
import { deploy } from '../storages/objects/interleaving/runs.js';
import { builtSettings } from '../support/built-settings.js';
import { leapingClock } from '../support/leaping-clock.js';
import { type MemoryStore, memoryStore } from '../support/memory-store.js';
import { newProject } from '../support/project.js';

const IDS = Array.from({ length: 40 }, (_, index) => `v${String(index).padStart(2, '0')}`);

/** A service with a release in each of many folders, as copies of one. */
async function manyReleases(): Promise<MemoryStore> {
  const store = memoryStore();
  await deploy('red', IDS[0])(store, leapingClock());
  for (const [key, object] of store.objects)
    if (key.startsWith(`${IDS[0]}/`))
      for (const id of IDS.slice(1)) store.objects.set(key.replace(IDS[0]!, id), object);
  return store;
}

async function list(store: ObjectStore) {
  const storage = await objectStorageBy(leapingClock(), store, { index: false });
  return listReleases(builtSettings(newProject({}), {}, { storage }));
}

test('releases are read side by side, but not all at once', async () => {
  const store = await manyReleases();
  let running = 0;
  let most = 0;
  const reads: string[] = [];
  const read: ObjectStore['read'] = async (key, signal) => {
    reads.push(key);
    most = Math.max(most, ++running);
    for (let turn = 0; turn < 3; turn++) await setImmediate();
    running--;
    return store.read(key, signal);
  };
  const { releases } = await list({ ...store, read });
  expect(releases.map(({ id }) => id)).toEqual(IDS);
  expect(most).toBe(16);
  expect(new Set(reads).size).toBe(reads.length);
});

test('of several damaged manifests the first is reported, even if another one comes sooner', async () => {
  const store = await manyReleases();
  for (const id of ['v03', 'v07', 'v30']) {
    const key = `${id}/staticfiles.json`;
    store.objects.set(key, { ...store.objects.get(key)!, text: '{' });
  }
  const read: ObjectStore['read'] = async (key, signal) => {
    if (key.startsWith('v03/')) for (let turn = 0; turn < 20; turn++) await setImmediate();
    return store.read(key, signal);
  };
  await expect(list({ ...store, read })).rejects.toMatchObject({
    code: 'target',
    message: expect.stringContaining('v03/staticfiles.json'),
  });
});

test('a removed release beside others is not listed', async () => {
  const store = await manyReleases();
  store.objects.delete('v05/staticfiles.json');
  const { releases } = await list(store);
  expect(releases.map(({ id }) => id)).toEqual(IDS.filter((id) => id !== 'v05'));
});
