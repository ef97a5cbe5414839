// Publishes or prunes again and again until its standard input ends, and prints the outcome of each run on a line.
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { collectstatic } from '../../../src/collectstatic.js';
import { prune as pruneDestination } from '../../../src/prune/prune.js';
import { loadSettings } from '../../../src/settings/load.js';
import { createAzureStore } from '../../../src/storages/azure/azure.js';
import { createGcsStore } from '../../../src/storages/gcs/gcs.js';
import type { Clock } from '../../../src/storages/objects/clock.js';
import { objectStorageBy } from '../../../src/storages/objects/object-storage.js';
import type { ObjectStore } from '../../../src/storages/objects/object-store.js';
import { splitOptions } from '../../../src/storages/objects/options.js';
import { createS3Store } from '../../../src/storages/s3/s3.js';
import type { WorkerTask } from './workers.js';

const { role, folder, backend, options, colours, speed } = JSON.parse(process.argv[2]!) as WorkerTask;

const stores: Readonly<Record<string, (options: never) => ObjectStore>> = {
  s3: createS3Store,
  gcs: createGcsStore,
  azure: createAzureStore,
};

/** A clock by which the seconds of waiting, and the hour in which nothing is deleted, go by sooner. */
const clock: Clock = {
  now: () => performance.now() * speed.waiting,
  date: () => Date.now() * speed.date,
  wait: async (milliseconds, signal) => {
    await sleep(milliseconds / speed.waiting);
    signal.throwIfAborted();
  },
  after(milliseconds, callback) {
    const timer = setTimeout(callback, milliseconds / speed.waiting).unref();
    return () => clearTimeout(timer);
  },
};

let isOver = false;
process.stdin.on('end', () => {
  isOver = true;
});
process.stdin.resume();

async function settings(release?: string) {
  const [own, shared] = splitOptions(options);
  // The settings read it from the environment.
  if (backend === 'azure') Object.assign(own, { accountKey: process.env.AZURE_STORAGE_KEY });
  return {
    ...(await loadSettings({ cwd: folder, env: {} })),
    storage: await objectStorageBy(clock, stores[backend]!(own as never), shared),
    ...(release && { release: { id: async () => release } }),
  };
}

/** Now and then goes back to the files of an old release, which a run prunes at the same time. */
async function deploy(number: number) {
  const colour = colours[number % colours.length]!;
  fs.writeFileSync(path.join(folder, 'static/app.css'), `body { color: ${colour} }`);
  await collectstatic(await settings(`${path.basename(folder)}-${number}`));
}

const prune = async () => pruneDestination(await settings(), { keep: 0, olderThan: 0 });

const say = (outcome: string) => process.stdout.write(`${outcome}\n`);

for (let number = 0; !isOver; number++) {
  try {
    await (role === 'deploy' ? deploy(number) : prune());
    say('ok');
  } catch (thrown) {
    const error = thrown as Error & { readonly code?: string };
    await sleep(50); // runs that fail at once would not notice the end
    say(`${error.code ?? 'defect'}: ${error.code ? error.message : error.stack}`.replaceAll('\n', ' '));
  }
}
process.exit();
