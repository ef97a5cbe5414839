// The CPU time that a client takes for one small object, against a server that only answers. storages.js prints it.
import { fork, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import http from 'node:http';
import net from 'node:net';
import { printTable } from './table.js';

const OBJECTS = 5000;
/** Sent before anything is measured, until the code is compiled. */
const WARM_UP = 2000;
const AT_A_TIME = 16;
const BYTES = Buffer.alloc(1000, 'a');
const BODY = { size: BYTES.length, bytes: () => BYTES };
const KIND = { contentType: 'image/svg+xml', cacheControl: 'public, max-age=60', metadata: {} };
const HEADERS = { 'content-type': KIND.contentType, 'cache-control': KIND.cacheControl };
/** As for plain files of a first publish. */
const PUT = { headers: KIND, condition: { absent: true }, signal: new AbortController().signal };
const S3 = { bucket: 'site', region: 'eu-central-1', forcePathStyle: true };
const S3_KEYS = { accessKeyId: 'bench', secretAccessKey: 'bench' };
/** The public account of Azure's emulator. */
const AZURE = {
  accountName: 'devstoreaccount1',
  accountKey: 'Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==',
};

/** Returns a function that sends one object, by the name of the way. */
const WAYS = {
  'a socket': async (port) => {
    const idle = await Promise.all(
      Array.from({ length: AT_A_TIME }, async () => {
        const socket = net.connect({ port, host: '127.0.0.1', noDelay: true });
        await once(socket, 'connect');
        return socket;
      }),
    );
    const lines = Object.entries({ ...HEADERS, 'content-length': BYTES.length }).map((pair) =>
      pair.join(': '),
    );
    return async (key) => {
      const socket = idle.pop();
      socket.cork();
      socket.write(`PUT /site/${key} HTTP/1.1\r\nhost: 127.0.0.1\r\n${lines.join('\r\n')}\r\n\r\n`, 'latin1');
      socket.write(BYTES);
      socket.uncork();
      await once(socket, 'data');
      idle.push(socket);
    };
  },
  'node:http': async (port) => {
    const agent = new http.Agent({ keepAlive: true });
    return (key) =>
      new Promise((resolve, reject) => {
        const options = { port, host: '127.0.0.1', method: 'PUT', path: `/site/${key}`, agent };
        const headers = { ...HEADERS, 'content-length': BYTES.length };
        const request = http.request({ ...options, headers }, (response) =>
          response.resume().on('end', resolve),
        );
        request.on('error', reject).end(BYTES);
      });
  },
  'S3, this package': async (port) => {
    const { createS3Store } = await import('../dist/storages/s3/s3.js');
    const store = createS3Store({ ...S3, credentials: S3_KEYS, endpoint: `http://127.0.0.1:${port}` });
    return (key) => store.put(key, BODY, PUT);
  },
  'S3, its SDK': async (port) => {
    const { PutObjectCommand, S3Client } = await import('@aws-sdk/client-s3');
    const { region, forcePathStyle } = S3;
    const endpoint = `http://127.0.0.1:${port}`;
    const client = new S3Client({ region, forcePathStyle, endpoint, credentials: S3_KEYS });
    const input = {
      Bucket: S3.bucket,
      Body: BYTES,
      ContentType: KIND.contentType,
      CacheControl: KIND.cacheControl,
    };
    return (Key) => client.send(new PutObjectCommand({ ...input, Key }));
  },
  'GCS, this package': async (port) => {
    const { createGcsStore } = await import('../dist/storages/gcs/gcs.js');
    const store = createGcsStore({
      bucket: 'site',
      projectId: 'bench',
      apiEndpoint: `http://127.0.0.1:${port}`,
    });
    return (key) => store.put(key, BODY, PUT);
  },
  'GCS, its SDK': async (port) => {
    const { Storage } = await import('@google-cloud/storage');
    const bucket = new Storage({ projectId: 'bench', apiEndpoint: `http://127.0.0.1:${port}` }).bucket(
      'site',
    );
    const { contentType, cacheControl } = KIND;
    const options = { resumable: false, validation: false, metadata: { contentType, cacheControl } };
    return (key) => bucket.file(key).save(BYTES, options);
  },
  'Azure, this package': async (port) => {
    const { createAzureStore } = await import('../dist/storages/azure/azure.js');
    const endpoint = `http://127.0.0.1:${port}/${AZURE.accountName}`;
    const store = createAzureStore({ ...AZURE, container: 'site', endpoint });
    return (key) => store.put(key, BODY, PUT);
  },
  'Azure, its SDK': async (port) => {
    const { BlobServiceClient, StorageSharedKeyCredential } = await import('@azure/storage-blob');
    const credential = new StorageSharedKeyCredential(AZURE.accountName, AZURE.accountKey);
    const service = new BlobServiceClient(`http://127.0.0.1:${port}/${AZURE.accountName}`, credential);
    const container = service.getContainerClient('site');
    const blobHTTPHeaders = { blobContentType: KIND.contentType, blobCacheControl: KIND.cacheControl };
    return (key) => container.getBlockBlobClient(key).upload(BYTES, BYTES.length, { blobHTTPHeaders });
  },
};

/** Measures each way in a process of its own, in turns, and prints the medians. */
export function printPutCpu(rounds) {
  const measured = Object.fromEntries(Object.keys(WAYS).map((way) => [way, []]));
  for (let round = 0; round < rounds; round++)
    for (const way of Object.keys(WAYS)) measured[way].push(measuredOnce(way));
  const rows = Object.entries(measured).map(([way, times]) => [
    way,
    times.toSorted((a, b) => a - b)[times.length >> 1].toFixed(0),
  ]);
  printTable(['one object of 1 kB', 'µs of CPU'], rows);
}

function measuredOnce(way) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [import.meta.filename, way], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(stderr);
  return Number(stdout);
}

async function measure(way) {
  const server = fork(import.meta.filename, ['server']);
  const [port] = await once(server, 'message');
  const send = await WAYS[way](port);
  await sendAll(send, WARM_UP);
  const before = process.cpuUsage();
  await sendAll(send, OBJECTS);
  const { user, system } = process.cpuUsage(before);
  process.stdout.write(`${(user + system) / OBJECTS}\n`);
  server.kill();
  process.exit();
}

async function sendAll(send, count) {
  let next = 0;
  const sender = async () => {
    while (next < count) await send(`icons/name-${next++}.svg`);
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, sender));
}

/** An answer that all three services could give, but for Azure's status. */
function serve() {
  const answer = JSON.stringify({ name: 'any', generation: '1', size: BYTES.length });
  const server = http.createServer((request, response) => {
    request.resume().on('end', () => {
      const isAzure = request.url.startsWith(`/${AZURE.accountName}/`);
      response.writeHead(isAzure ? 201 : 200, { etag: '"any"', 'content-type': 'application/json' });
      response.end(isAzure ? '' : answer);
    });
  });
  server.listen(0, '127.0.0.1', () => process.send(server.address().port));
}

if (process.argv[1] === import.meta.filename) {
  if (process.argv[2] === 'server') serve();
  else await measure(process.argv[2]);
}
