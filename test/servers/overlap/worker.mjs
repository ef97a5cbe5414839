// Publishes or prunes again and again until its standard input ends, and prints the outcome of each run on a line.
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';

const { role, dist, folder, backend, options, colours, speed } = JSON.parse(process.argv[2]);

const load = (file) => import(pathToFileURL(path.join(dist, file)).href);
const { collectstatic, loadSettings, prune: pruneDestination } = await load('index.js');
const { objectStorageBy } = await load('storages/objects/object-storage.js');
const { splitOptions } = await load('storages/objects/options.js');
const store = await {
  s3: async () => (await load('storages/s3/s3.js')).createS3Store,
  gcs: async () => (await load('storages/gcs/gcs.js')).createGcsStore,
  azure: async () => (await load('storages/azure/azure.js')).createAzureStore,
}[backend]();

/** A clock by which the seconds of waiting, and the hour in which nothing is deleted, go by sooner. */
const clock = {
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

async function settings(release) {
  const [own, shared] = splitOptions(options);
  // The settings read it from the environment.
  if (backend === 'azure') own.accountKey = process.env.AZURE_STORAGE_KEY;
  return {
    ...(await loadSettings({ cwd: folder, env: {} })),
    storage: await objectStorageBy(clock, store(own), shared),
    ...(release && { release: { id: async () => release } }),
  };
}

/** Now and then goes back to the files of an old release, which a run prunes at the same time. */
async function deploy(number) {
  const colour = colours[number % colours.length];
  fs.writeFileSync(path.join(folder, 'static/app.css'), `body { color: ${colour} }`);
  await collectstatic(await settings(`${path.basename(folder)}-${number}`));
}

const prune = async () => pruneDestination(await settings(), { keep: 0, olderThan: 0 });

const say = (outcome) => process.stdout.write(`${outcome}\n`);

for (let number = 0; !isOver; number++) {
  try {
    await (role === 'deploy' ? deploy(number) : prune());
    say('ok');
  } catch (error) {
    await sleep(50); // runs that fail at once would not notice the end
    say(`${error.code ?? 'defect'}: ${error.code ? error.message : error.stack}`.replaceAll('\n', ' '));
  }
}
process.exit();
