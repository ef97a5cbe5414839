import { createHash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { CRC32C } from '@google-cloud/storage';
import { afterEach, expect, test, vi } from 'vitest';
import { untilStalled } from '../../../src/concurrency/abort.js';
import { createGcsStore, gcsStorage } from '../../../src/storages/gcs/gcs.js';
import type { GcsOptions } from '../../../src/storages/gcs/options.js';
import { ConditionFailed } from '../../../src/storages/objects/object-store.js';
import { bodyOf, listAll, messageOf, putOptions, SIGNAL } from '../../support/objects.js';
import { type ScriptedAnswer, type SeenRequest, scriptedServer } from '../../support/scripted-server.js';

async function gcs(
  answer: (request: SeenRequest, before: number) => ScriptedAnswer,
  options: Partial<GcsOptions> = {},
) {
  const server = await scriptedServer(answer);
  const where = { bucket: 'site', projectId: 'p', apiEndpoint: server.url };
  return { server, store: await createGcsStore({ ...where, maxRetries: 1, ...options }) };
}

function json(value: unknown, status = 200): ScriptedAnswer {
  return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(value) };
}

function crc32c(content: string | Buffer): string {
  const hash = new CRC32C();
  hash.update(Buffer.from(content));
  return hash.toString();
}

function failure(code: number, message: string, reason = 'r'): ScriptedAnswer {
  return json({ error: { code, message, errors: [{ reason, message }] } }, code);
}

const STORED = json({ name: 'a', generation: '17' });

afterEach(() => void vi.useRealTimers());

test.each<[Record<string, unknown>, string]>([
  [{}, "storage 'gcs': bucket: this key is required."],
  [
    { bucket: 'b', chunkSize: 1000 },
    'chunkSize: expected a number of bytes that is a multiple of 256 KiB (262144), got 1000.',
  ],
  [{ bucket: 'b', keyFile: 'k' }, "keyFile: unknown option of the storage 'gcs'."],
  [{ bucket: 'b', client: { bucket() {} }, projectId: 'p' }, 'client: cannot be combined with projectId.'],
  [
    { bucket: 'b', credentials: { client_email: 'me', key: 'hidden' } },
    "storage 'gcs': credentials.private_key: this key is required.",
  ],
])('options %j: %s', async (options, message) => {
  const text = await messageOf(gcsStorage(options as unknown as GcsOptions));
  expect(text).toContain(message);
  expect(text).not.toContain('hidden');
});

test('an object is put in one request, with headers and a hash by which the service verifies it', async () => {
  const { server, store } = await gcs(() => STORED, {
    predefinedAcl: 'publicRead',
    storageClass: 'NEARLINE',
    kmsKeyName: 'k',
  });
  const headers = {
    contentType: 'text/css',
    cacheControl: 'no-cache',
    contentEncoding: 'br',
    metadata: { owner: 'me' },
  };
  const put = store.put('a b/ü.css', bodyOf('body{}'), putOptions({ headers, condition: { absent: true } }));
  expect(await put).toEqual({ version: '17' });
  const { target, body } = server.requests[0]!;
  expect(Object.fromEntries(new URL(target, 'http://x').searchParams)).toEqual({
    uploadType: 'multipart',
    name: 'a b/ü.css',
    ifGenerationMatch: '0',
    predefinedAcl: 'publicRead',
    kmsKeyName: 'k',
  });
  expect(body.toString()).toContain('\r\n\r\nbody{}\r\n');
  expect(JSON.parse(/\r\n\r\n(\{.*\})\r\n/.exec(body.toString())![1]!)).toEqual({
    contentType: 'text/css',
    cacheControl: 'no-cache',
    contentEncoding: 'br',
    contentDisposition: null,
    contentLanguage: null,
    metadata: { owner: 'me' },
    md5Hash: createHash('md5').update('body{}').digest('base64'),
    storageClass: 'NEARLINE',
  });
});

test('a condition becomes a generation, and ConditionFailed is thrown if it is not met', async () => {
  const { server, store } = await gcs(() =>
    failure(412, 'At least one of the pre-conditions you specified did not hold.'),
  );
  const putting = store.put('a', bodyOf('a'), putOptions({ condition: { version: '16' } }));
  await expect(putting).rejects.toBeInstanceOf(ConditionFailed);
  expect(server.requests[0]!.target).toContain('ifGenerationMatch=16');
});

test('a write whose answer was lost is recognized as this run’s', async () => {
  const read = { headers: { 'x-goog-generation': '18' }, body: 'ours' };
  const answers = [{ cut: true }, failure(412, 'no'), read];
  const { store } = await gcs((_, before) => answers[before]!);
  const putting = store.put('a', bodyOf('ours'), putOptions({ condition: { absent: true } }));
  expect(await putting).toEqual({ version: '18' });
});

test('new headers replace all old ones', async () => {
  const { server, store } = await gcs(({ method }) =>
    json({ generation: '17', metadata: method === 'GET' ? { old: 'x', owner: 'you' } : {} }),
  );
  const headers = { contentType: 'text/css', cacheControl: 'c', metadata: { owner: 'me' } };
  const options = putOptions({ headers, condition: { version: '17' } });
  expect(await store.putHeaders!('a b', options)).toEqual({ version: '17' });
  const patch = server.requests[1]!;
  expect(patch).toMatchObject({ method: 'PATCH', target: '/storage/v1/b/site/o/a%20b?ifGenerationMatch=17' });
  expect(JSON.parse(patch.body.toString())).toMatchObject({
    contentEncoding: null,
    metadata: { old: null, owner: 'me' },
  });
  const changed = store.putHeaders!('a', putOptions({ condition: { version: '16' } }));
  await expect(changed).rejects.toBeInstanceOf(ConditionFailed);
});

test('a listing is read page by page, with hashes in hexadecimal and headers', async () => {
  const item = {
    name: 'p/a',
    size: '3',
    generation: '5',
    md5Hash: '1B2M2Y8AsgTpgAmY7PhCfg==',
    contentType: 'text/css',
    cacheControl: 'c',
    contentEncoding: 'gzip',
    metadata: { owner: 'me' },
  };
  const pages = [
    json({ nextPageToken: 'more', items: [item] }),
    json({ items: [{ name: 'p/b', size: '1', generation: 6 }] }),
    json({}),
  ];
  const { server, store } = await gcs((_, before) => pages[before]!);
  expect(await listAll(store, 'p/')).toEqual([
    {
      key: 'p/a',
      size: 3,
      version: '5',
      md5: 'd41d8cd98f00b204e9800998ecf8427e',
      headers: {
        contentType: 'text/css',
        cacheControl: 'c',
        contentEncoding: 'gzip',
        metadata: { owner: 'me' },
      },
    },
    { key: 'p/b', size: 1, version: '6', headers: { contentType: '', cacheControl: '', metadata: {} } },
  ]);
  expect(server.requests[1]!.target).toContain('pageToken=more');
});

test('a compressed object is read without decompressing it', async () => {
  const bytes = gzipSync('hello');
  const headers = {
    'content-encoding': 'gzip',
    'x-goog-stored-content-encoding': 'gzip',
    'x-goog-generation': '1',
    'x-goog-hash': `crc32c=${crc32c(bytes)}`,
  };
  const { server, store } = await gcs(() => ({ headers, body: bytes }));
  expect(await store.read('a', SIGNAL)).toEqual({ bytes, version: '1' });
  expect(server.requests[0]!.headers['accept-encoding']).toBe('gzip');
});

test('a missing object is read as undefined, and removing it is no error', async () => {
  const { store } = await gcs(() => failure(404, 'No such object: site/a', 'notFound'));
  expect(await store.read('a', SIGNAL)).toBeUndefined();
  await store.remove(['a', 'b'], SIGNAL);
});

test('bytes that do not match their checksum are requested again', async () => {
  const headers = { 'x-goog-generation': '1', 'x-goog-stored-content-encoding': 'identity' };
  const hash = (text: string) => ({ 'x-goog-hash': `crc32c=${crc32c(text)}` });
  const { server, store } = await gcs((_, before) => ({
    headers: { ...headers, ...hash('whole') },
    body: before === 0 ? 'whale' : 'whole',
  }));
  expect(Buffer.from((await store.read('a', SIGNAL))!.bytes).toString()).toBe('whole');
  expect(server.requests).toHaveLength(2);
});

test('a download that stalls fails after the timeout', async () => {
  const pieces = async function* () {
    yield 1;
    await new Promise(() => {});
  };
  const seen: number[] = [];
  const reading = async () => {
    for await (const piece of untilStalled(5, pieces())) seen.push(piece);
  };
  await expect(reading()).rejects.toMatchObject({ code: 'ETIMEDOUT' });
  expect(seen).toEqual([1]);
});

test.each<[string, ScriptedAnswer, string]>([
  [
    'access',
    failure(403, 'me does not have storage.objects.create access'),
    'access is denied. The account in use needs the role Storage Object User',
  ],
  [
    'credentials',
    failure(401, 'Invalid Credentials'),
    "the credentials are invalid (Invalid Credentials). Log in with 'gcloud auth",
  ],
  [
    'bucket',
    failure(404, 'The specified bucket does not exist.', 'notFound'),
    "the bucket 'site' does not exist. Check the option bucket",
  ],
  [
    'checksum',
    failure(400, "Provided MD5 hash doesn't match calculated MD5 hash"),
    'the bytes were damaged on the way',
  ],
  ['throttled', failure(429, 'rateLimitExceeded'), 'the service asked for fewer requests on every attempt'],
  ['broken', failure(503, 'Backend Error'), 'the service failed with 503 (Backend Error) on every attempt'],
  ['cut', { cut: true }, 'the connection was cut on every attempt'],
])('the message for %s says what to do', async (_, answer, expected) => {
  const { store } = await gcs(() => answer);
  const message = await messageOf(store.put('a.css', bodyOf('a'), putOptions()));
  expect(message).toContain(expected);
  expect(message).toMatch(/^StaticFilesError: Cannot write 'gs:\/\/site\/a\.css': .*[^.]\.$/);
});

test('the messages for an unreadable key and a missing key file show no key', async () => {
  const private_key = '-----BEGIN PRIVATE KEY-----\nTheSecretOfTheTests\n-----END PRIVATE KEY-----\n';
  const wrong = await createGcsStore({
    bucket: 'site',
    credentials: { client_email: 'me@x', private_key },
    maxRetries: 1,
  });
  const message = await messageOf(wrong.read('a', SIGNAL));
  expect(message).toContain('the private key cannot be read');
  expect(message).not.toContain('TheSecretOfTheTests');
  const missing = await createGcsStore({ bucket: 'site', keyFilename: '/no/such.json', maxRetries: 1 });
  expect(await messageOf(missing.read('a', SIGNAL))).toContain("there is no key file '/no/such.json'");
});

test('an aborted call rejects with the reason of the signal', async () => {
  const controller = new AbortController();
  const reason = new Error('enough');
  const { store } = await gcs(() => {
    controller.abort(reason);
    return failure(503, 'Backend Error');
  });
  const putting = store.put('a', bodyOf('a'), putOptions({ signal: controller.signal }));
  await expect(putting).rejects.toBe(reason);
  await expect(store.read('a', controller.signal)).rejects.toBe(reason);
});

test('a large object is put in pieces, with the hash of the whole sent first', async () => {
  const KiB = 1024;
  const { server, store } = await gcs(
    ({ method, headers }) => {
      if (method === 'POST') return { headers: { location: `http://${headers.host}/upload/session` } };
      const [, last, size] = /-(\d+)\/(.*)$/.exec(headers['content-range']!)!;
      return Number(last) + 1 === Number(size)
        ? STORED
        : { status: 308, headers: { range: `bytes=0-${last}` } };
    },
    { chunkSize: 256 * KiB },
  );
  const bytes = Buffer.alloc(600 * KiB, 'x');
  const put = store.put('l', bodyOf(bytes), putOptions({ condition: { version: '3' } }));
  expect(await put).toEqual({ version: '17' });
  const [begun, ...pieces] = server.requests;
  expect(begun!.target).toContain('ifGenerationMatch=3');
  expect(JSON.parse(begun!.body.toString())).toMatchObject({
    md5Hash: createHash('md5').update(bytes).digest('base64'),
  });
  expect(begun!.headers['x-upload-content-type']).toBe('text/css');
  expect(Buffer.concat(pieces.map(({ body }) => body)).equals(bytes)).toBe(true);
  expect(pieces.length).toBe(3);
});

test('an index is put in one request, however large', async () => {
  const { server, store } = await gcs(() => STORED, { chunkSize: 256 * 1024 });
  const options = putOptions({ internal: true, condition: { version: '16' } });
  expect(await store.put('i', bodyOf(Buffer.alloc(300 * 1024)), options)).toEqual({ version: '17' });
  expect(server.requests.map(({ method }) => method)).toEqual(['POST']);
});

test('a large object is put again if the service has lost a piece', async () => {
  const KiB = 1024;
  let uploads = 0;
  const { server, store } = await gcs(
    ({ method, headers }) => {
      if (method === 'POST') {
        uploads++;
        return { headers: { location: `http://${headers.host}/upload/session` } };
      }
      const range = headers['content-range']!;
      if (range.startsWith('bytes *')) return { status: 308 }; // the question how much has arrived: nothing
      const [, first, last, size] = /(\d+)-(\d+)\/(.*)$/.exec(range)!;
      if (uploads === 1 && first !== '0') return { status: 503 };
      return Number(last) + 1 === Number(size)
        ? STORED
        : { status: 308, headers: { range: `bytes=0-${last}` } };
    },
    { chunkSize: 256 * KiB },
  );
  const bytes = Buffer.alloc(600 * KiB, 'x');
  expect(await store.put('l', bodyOf(bytes), putOptions())).toEqual({ version: '17' });
  expect(uploads).toBe(2);
  const again = server.requests.slice(server.requests.findLastIndex(({ method }) => method === 'POST') + 1);
  expect(Buffer.concat(again.map(({ body }) => body)).equals(bytes)).toBe(true);
});

/** Refuses the bytes of a large object. */
function refusing(answer: ScriptedAnswer) {
  return ({ method, headers }: SeenRequest): ScriptedAnswer =>
    method === 'POST' ? { headers: { location: `http://${headers.host}/upload/session` } } : answer;
}

test('a large object whose condition is not met fails like a small one', async () => {
  const { store } = await gcs(refusing(failure(412, 'At least one condition did not hold.')), {
    chunkSize: 256 * 1024,
  });
  const options = putOptions({ condition: { absent: true } });
  const putting = store.put('l', bodyOf(Buffer.alloc(300 * 1024)), options);
  await expect(putting).rejects.toBeInstanceOf(ConditionFailed);
});

test.each<[string, ScriptedAnswer, string]>([
  ['an account without rights', failure(403, 'me does not have access.'), 'access is denied'],
  ['wrong headers', failure(400, 'Bad cache control.'), 'the service answered 400 (Bad cache control.)'],
  ['a bucket that is gone', failure(404, 'No such bucket.'), "the bucket 'site' does not exist"],
  [
    'a proxy in between',
    { status: 403, headers: { 'content-type': 'text/html' }, body: '<html>Blocked</html>' },
    'access is denied',
  ],
])('the message for %s is the same for a large object', async (_, answer, expected) => {
  const { store } = await gcs(refusing(answer), { chunkSize: 256 * 1024 });
  const message = await messageOf(store.put('l', bodyOf(Buffer.alloc(300 * 1024)), putOptions()));
  expect(message).toMatch(/^StaticFilesError: Cannot write 'gs:\/\/site\/l': /);
  expect(message).toContain(expected);
});

test.each<[string, number, Partial<GcsOptions>]>([
  ['small', 10, {}],
  ['large', 300 * 1024, { chunkSize: 256 * 1024 }],
])(
  'a %s object is sent again if there is no answer for two minutes and its size',
  async (_, size, options) => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const accepting = refusing({ ...STORED, headers: { 'content-type': 'application/json' } });
    const { server, store } = await gcs((request, before) => {
      if (before === 0) return { silent: true };
      return size === 10 ? STORED : accepting(request);
    }, options);
    const putting = store.put('a', bodyOf(Buffer.alloc(size)), putOptions());
    while (server.requests.length === 0) await setImmediate();
    await vi.advanceTimersByTimeAsync(119_999);
    expect(server.requests).toHaveLength(1);
    for (let second = 0; second < 100 && server.requests.length === 1; second++) {
      await vi.advanceTimersByTimeAsync(1000);
      await setImmediate();
    }
    expect(server.requests.length).toBeGreaterThan(1);
    expect(await Promise.race([putting, advancing()])).toEqual({ version: '17' });
  },
);

/** Lets the waits between attempts pass. */
async function advancing(): Promise<never> {
  for (;;) {
    await vi.advanceTimersByTimeAsync(100);
    await setImmediate();
  }
}

test('a listing is tried again if there is no answer for two minutes', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const { server, store } = await gcs((_, before) => (before === 0 ? { silent: true } : json({ items: [] })));
  const listing = listAll(store, '');
  while (server.requests.length === 0) await setImmediate();
  await vi.advanceTimersByTimeAsync(120_000);
  expect(await Promise.race([listing, advancing()])).toEqual([]);
});
