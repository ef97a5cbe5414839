// Publishing to S3, side by side against one server: this package, rclone, django-storages. README.md says how to read it.
import fs from 'node:fs';
import path from 'node:path';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { fromTests } from './from-tests.js';
import { iconSizes } from './packages.js';
import { printPutCpu } from './put.js';
import { measured, medianOf, runRounds } from './rounds.js';
import { makeSite, sizeOf } from './site.js';
import { printTable } from './table.js';

// The servers and how they are installed are the tests'.
const { startVersitygw, S3_KEYS, S3_REGION } = await fromTests('servers/start/s3.ts');
const { goProgram } = await fromTests('servers/start/install.ts');
const { pythonWith } = await fromTests('system/install.ts');

const bin = path.resolve(import.meta.dirname, '../bin/collectstatic.js');
const RCLONE = ['github.com/rclone/rclone', 'v1.71.0'];
const DJANGO = ['django>=5.2,<6', 'django-storages==1.14.6', 'boto3'];
const BUCKET = 'bench';
/** Of all contestants that can send several files at a time. */
const CONCURRENCY = 16;
/** So many small files. */
const SHAPE = [
  {
    name: 'icons',
    folders: [
      ['a', 2500],
      ['b', 2500],
    ],
    quantiles: iconSizes,
    large: [],
  },
];
const MANY = [{ ...SHAPE[0], folders: Array.from({ length: 20 }, (_, index) => [`f${index}`, 2500]) }];

/** Runs all rounds in a folder, and prints what they took. */
export async function benchStorages(work, rounds) {
  const site = makeSite(work, 'site', SHAPE);
  const serverFolder = path.join(work, 'server');
  fs.mkdirSync(serverFolder);
  const server = await startVersitygw(serverFolder, ['--access-log', path.join(work, 'access.log')]);
  try {
    const place = { work, site, endpoint: `http://127.0.0.1:${server.port}`, run: 0 };
    await createBucket(place);
    const { files, bytes } = sizeOf(site);
    console.log(
      `${files} files, ${(bytes / 1e6).toFixed(1)} MB, to S3 (versitygw), ${CONCURRENCY} at a time; Node ${process.version}`,
    );
    const requests = new Map();
    const turns = [rclone(place), djangoStorages(place), ours(place), bareLoop(place)];
    const counted = turns.map((turn) => turn.map((each) => counting(each, place, requests)));
    const results = runRounds(counted, rounds);
    print(results, requests, files);
    console.log();
    printPutCpu(rounds);
    printMemory(place);
  } finally {
    await server.stop();
  }
}

/** Notes how many requests the server has seen of the last run of each. */
function counting(contestant, { work }, requests) {
  const seen = () => fs.readFileSync(path.join(work, 'access.log'), 'utf8').split('\n').length - 1;
  let before = 0;
  const count = () => requests.set(contestant.name, seen() - before);
  return {
    ...contestant,
    before() {
      contestant.before?.();
      before = seen();
    },
    after: count,
  };
}

async function createBucket({ endpoint }) {
  const client = new S3Client({ endpoint, region: S3_REGION, credentials: S3_KEYS, forcePathStyle: true });
  await client.send(new CreateBucketCommand({ Bucket: BUCKET }));
  client.destroy();
}

const KEYS = {
  AWS_ACCESS_KEY_ID: S3_KEYS.accessKeyId,
  AWS_SECRET_ACCESS_KEY: S3_KEYS.secretAccessKey,
  AWS_REGION: S3_REGION,
};

/**
 * As its documentation has it for many small files: no HEAD after each upload, no question for the bucket. Presigned,
 * since it cannot compute checksums of what it sends without TLS; that spares it the hashing.
 */
function rclone({ site, endpoint }) {
  let run = 0;
  const command = [
    ...[goProgram(...RCLONE), 'copy', site.source, 'FILLED IN BEFORE', '--config', '/dev/null'],
    ...['--transfers', CONCURRENCY, '--checkers', CONCURRENCY, '--fast-list'],
    ...[
      '--s3-no-check-bucket',
      '--s3-no-head',
      '--s3-use-presigned-request',
      '--s3-provider',
      'Other',
      '--s3-env-auth',
    ],
    ...['--s3-endpoint', endpoint, '--s3-region', S3_REGION, '--s3-force-path-style'],
  ].map(String);
  const before = () => command.splice(3, 1, `:s3:${BUCKET}/rclone-${run++}`);
  return [{ name: 'rclone copy', before, command, env: KEYS }];
}

function djangoStorages({ work, site, endpoint }) {
  const python = pythonWith('django-storages', DJANGO);
  let run = 0;
  const before = () =>
    fs.writeFileSync(path.join(work, 'bench_storages.py'), djangoSettings(site, endpoint, run++));
  return [
    {
      name: 'django-storages, first run',
      before,
      command: [python, '-m', 'django', 'collectstatic', '--noinput', '--settings', 'bench_storages'],
      env: { ...KEYS, PYTHONPATH: work, PYTHONDONTWRITEBYTECODE: '1' },
    },
  ];
}

function djangoSettings(site, endpoint, run) {
  const options = {
    ...{ bucket_name: BUCKET, endpoint_url: endpoint, region_name: S3_REGION },
    ...{ location: `django-${run}`, addressing_style: 'path' },
  };
  return [
    "INSTALLED_APPS = ['django.contrib.staticfiles']",
    `STATICFILES_DIRS = [${JSON.stringify(site.source)}]`,
    "STATIC_URL = '/static/'",
    `STORAGES = {'staticfiles': {'BACKEND': 'storages.backends.s3.S3Storage', 'OPTIONS': ${JSON.stringify(options)}}}`,
  ].join('\n');
}

/** What a first publish cannot do without. */
function bareLoop({ site, endpoint }) {
  let run = 0;
  const program = path.join(import.meta.dirname, 'bare-put.js');
  const command = ['node', program, site.source, endpoint, BUCKET, 'FILLED IN BEFORE', String(CONCURRENCY)];
  const before = () => command.splice(5, 1, `bare-${run++}`);
  return [{ name: 'bare loop', before, command, env: KEYS }];
}

function ours({ site, endpoint, work }) {
  let run = 0;
  const base = { command: ['node', bin, '--noinput'], cwd: site.dir, env: KEYS };
  const changed = path.join(site.source, 'icons/a/name-7.svg');
  const first = (name, postProcess) => ({
    ...base,
    name,
    before: () => writeSettings(site, endpoint, `ours-${run++}`, work, postProcess),
  });
  return [
    first('staticfiles plain, first run', []),
    first('staticfiles, first run', FINGERPRINTS),
    { ...base, name: 'staticfiles, unchanged' },
    {
      ...base,
      name: 'staticfiles, one file changed',
      before: () => fs.writeFileSync(changed, `<svg>${process.hrtime.bigint()}</svg>`),
    },
  ];
}

/** With fingerprints and a manifest; without originals, so that as many files are sent. */
const FINGERPRINTS = [['fingerprint', { originals: false }]];

function writeSettings({ dir }, endpoint, prefix, work, postProcess) {
  const options = { bucket: BUCKET, prefix, endpoint, forcePathStyle: true, concurrency: CONCURRENCY };
  const settings = {
    staticfilesDirs: ['static'],
    cacheDir: path.join(work, `cache-${prefix}`),
    storages: { staticfiles: { backend: 's3', options } },
    postProcess,
  };
  fs.writeFileSync(path.join(dir, 'staticfiles.config.json'), JSON.stringify(settings));
}

function print(results, requests, files) {
  const first = medianOf(results, 'staticfiles plain, first run');
  const cpuOf = (name) => medianOf(results, name, 'cpu');
  const cpu = cpuOf('staticfiles plain, first run');
  printTable(
    ['', 'seconds', 'CPU', 'files/s', 'ours is', 'CPU of ours', 'requests'],
    results.map(({ name }) => [
      name,
      medianOf(results, name).toFixed(2),
      cpuOf(name).toFixed(2),
      /unchanged|changed/.test(name) ? '' : (files / medianOf(results, name)).toFixed(0),
      name.startsWith('staticfiles') ? '' : `${(medianOf(results, name) / first).toFixed(2)} × as fast`,
      name.startsWith('staticfiles') ? '' : `${(cpu / cpuOf(name)).toFixed(2)} ×`,
      String(requests.get(name)),
    ]),
  );
}

/** What 50,000 files take of memory, the SDK's included; without fingerprints, and with them. */
function printMemory({ work, endpoint }) {
  const site = makeSite(work, 'many', MANY);
  for (const postProcess of [[], FINGERPRINTS]) {
    writeSettings(site, endpoint, `many-${postProcess.length}`, work, postProcess);
    printPeaks(site, postProcess.length > 0 ? 'with fingerprints' : 'plain');
  }
}

function printPeaks(site, how) {
  for (const name of ['first run', 'unchanged']) {
    const { wall, peak } = measured({ command: ['node', bin, '--noinput'], cwd: site.dir, env: KEYS });
    const megabytes = (peak / 1e6).toFixed(0);
    console.log(`50,000 files ${how}, ${name}: ${wall.toFixed(1)} s, ${megabytes} MB at most`);
  }
}
