import path from 'node:path';
import { pathToFileURL } from 'node:url';
import pLimit from 'p-limit';
import { expect, onTestFinished, test } from 'vitest';
import type { Storage } from '../../src/storages/storage.js';
import { storageContract } from '../../src/testing/storage-contract.js';
import { startBunny } from '../support/bunny-server.js';
import { projectWith } from '../support/examples.js';

test('the storage of docs/storages.md passes the contract, except for cases of two runs at once, which do not apply', {
  timeout: 300_000,
}, async () => {
  const bunny = await startBunny();
  onTestFinished(bunny.close);
  const project = projectWith('docs/storages.md', 'bunny.js', {});
  const { default: createStorage } = await import(pathToFileURL(path.join(project.dir, 'bunny.js')).href);
  const options = { host: bunny.host, zone: 'zone', accessKey: 'key' };
  const open = (prefix: string): Storage => createStorage({ ...options, prefix });
  // Without conditional writes, each publication waits for three seconds. All at once would be too slow to renew their holds.
  const limit = pLimit(6);
  const outcomes = await Promise.all(
    storageContract({ open, files: 100 }).map(({ name, run }) =>
      limit(async () => [name, await run()] as const),
    ),
  );
  const others = outcomes.filter(([, outcome]) => outcome !== 'met').map(([name]) => name);
  expect(others.sort()).toEqual([
    'a run that publishes while files are removed has all its files',
    'files that another run publishes at the same time are not removed',
    'of two runs at once, the later one is refused, or both are complete',
    'only one run has the lock, and it gives it back',
  ]);
});
