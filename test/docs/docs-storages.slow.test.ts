import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import type { Storage } from '../../src/storages/storage.js';
import { storageContract } from '../../src/testing/storage-contract.js';
import { startBunny } from '../support/bunny-server.js';
import { projectWith } from '../support/examples.js';

test('the storage of docs/storages.md passes the contract, and runs at once do not apply to it', {
  timeout: 300_000,
}, async () => {
  const bunny = await startBunny();
  const project = projectWith('docs/storages.md', 'bunny.js', {});
  const { default: createStorage } = await import(pathToFileURL(path.join(project.dir, 'bunny.js')).href);
  const options = { host: bunny.host, zone: 'zone', accessKey: 'key' };
  const open = (place: string): Storage => createStorage({ ...options, prefix: place });
  // Each publication waits for three seconds.
  const outcomes = await Promise.all(
    storageContract({ open, files: 100 }).map(async ({ name, run }) => [name, await run()] as const),
  );
  bunny.close();
  const others = outcomes.filter(([, outcome]) => outcome !== 'met').map(([name]) => name);
  expect(others.sort()).toEqual([
    'of two runs at once, the later one is refused or both are whole',
    'what another run publishes at the same time is not removed',
    'what is published while files are removed has its files',
    'who holds the lock holds it alone, and gives it back',
  ]);
});
