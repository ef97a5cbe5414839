import { createHash } from 'node:crypto';
import zlib from 'node:zlib';
import { expect, test } from 'vitest';
import { ConditionFailed } from '../../../src/storages/objects/object-store.js';
import type { S3Options } from '../../../src/storages/s3/options.js';
import { createS3Store, s3Storage } from '../../../src/storages/s3/s3.js';
import { bodyOf, listAll, messageOf, putOptions, SIGNAL } from '../../support/objects.js';
import { type ScriptedAnswer, type SeenRequest, scriptedServer } from '../../support/scripted-server.js';

const KEYS = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'the-secret-of-the-tests' };

const STORED = { headers: { etag: '"v1"' } };

async function s3(
  answer: (request: SeenRequest, before: number) => ScriptedAnswer,
  options: Partial<S3Options> = {},
) {
  const server = await scriptedServer(answer);
  const where = { bucket: 'site', region: 'eu-central-1', endpoint: server.url, forcePathStyle: true };
  return { server, store: await createS3Store({ ...where, credentials: KEYS, ...options }) };
}

/** Returns a CRC32 as S3 expects it: big-endian, in Base64. */
function crc32(text: string): string {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(zlib.crc32(text));
  return bytes.toString('base64');
}

function failure(code: string, status: number, more = '', headers = {}): ScriptedAnswer {
  const body = `<?xml version="1.0"?><Error><Code>${code}</Code><Message>The words of the service.</Message>${more}</Error>`;
  return { status, headers: { 'content-type': 'application/xml', ...headers }, body };
}

test.each<[Record<string, unknown>, string]>([
  [{}, "storage 's3': bucket: this key is required. (staticfiles.E007)"],
  [{ bucket: 'b', region: '' }, "storage 's3': region: expected a string that is not empty, got ''."],
  [
    { bucket: 'b', endpoint: 'minio:9000' },
    "endpoint: expected an address that begins with 'https://' or 'http://', got 'minio:9000'.",
  ],
  [{ bucket: 'b', partSize: 1024 }, 'partSize: expected a whole number of bytes, 5242880 or more, got 1024.'],
  [
    { bucket: 'b', requestChecksumCalculation: 'NEVER' },
    "expected WHEN_SUPPORTED or WHEN_REQUIRED, got 'NEVER'.",
  ],
  [
    { bucket: 'b', buckte: 'b' },
    "buckte: unknown option of the storage 's3'. Did you mean 'bucket'? (staticfiles.E006)",
  ],
  [
    { bucket: 'b', client: { send() {} }, region: 'r', profile: 'p' },
    'client: cannot be combined with region, profile. Use one or the other. (staticfiles.E007)',
  ],
])('options %j: %s', async (options, message) => {
  expect(await messageOf(s3Storage(options as unknown as S3Options))).toContain(message);
});

test('invalid credentials are not shown', async () => {
  const credentials = { accessKeyId: 'AKIA', secretAccessKey: '', sessionToken: 'hidden' };
  const message = await messageOf(s3Storage({ bucket: 'b', credentials }));
  expect(message).toBe(
    "StaticFilesError: storage 's3': credentials.secretAccessKey: expected a string that is not empty, got another value. (staticfiles.E007)",
  );
});

test('the suggestion for an unknown option may be one that all object storages have', async () => {
  const options = { bucket: 'b', perfix: 'static' } as unknown as S3Options;
  expect(await messageOf(s3Storage(options))).toContain("Did you mean 'prefix'?");
});

test('an object is put in one request, with headers, a checksum and storage options', async () => {
  const storing = {
    acl: 'public-read',
    storageClass: 'STANDARD_IA',
    serverSideEncryption: 'aws:kms',
    sseKmsKeyId: 'k',
  };
  const { server, store } = await s3(() => STORED, storing);
  const headers = {
    contentType: 'text/css',
    cacheControl: 'no-cache',
    contentEncoding: 'br',
    metadata: { owner: 'me' },
  };
  const put = await store.put(
    'a b/ü+%.css',
    bodyOf('body{}'),
    putOptions({ headers, condition: { absent: true } }),
  );
  expect(put).toEqual({ version: 'v1' });
  const [request] = server.requests;
  expect(request).toMatchObject({ method: 'PUT', target: '/site/a%20b/%C3%BC%2B%25.css?x-id=PutObject' });
  expect(request!.body.toString()).toBe('body{}');
  expect(request!.headers).toMatchObject({
    'content-type': 'text/css',
    'cache-control': 'no-cache',
    'content-encoding': 'br',
    'x-amz-meta-owner': 'me',
    'if-none-match': '*',
    'x-amz-acl': 'public-read',
    'x-amz-storage-class': 'STANDARD_IA',
    'x-amz-server-side-encryption': 'aws:kms',
    'x-amz-server-side-encryption-aws-kms-key-id': 'k',
    'x-amz-checksum-crc32': crc32('body{}'),
    'x-amz-content-sha256': createHash('sha256').update('body{}').digest('hex'),
  });
  expect(request!.headers.expect).toBeUndefined();
});

/** The parts of a request that depend neither on the time nor on the way it was sent. */
function lasting({ method, target, headers, body }: SeenRequest) {
  const passing = /^(amz-sdk-|authorization$|x-amz-date$|x-amz-user-agent$|user-agent$)/;
  const kept = Object.entries(headers).filter(([name]) => !passing.test(name));
  return { method, target, headers: Object.fromEntries(kept), body: body.toString() };
}

test.each(['a.css', "ä b/(c)'!*~+%#?.css", 'deep/er/$&=,;:@.css'])(
  'the short way and the SDK’s send %s alike',
  async (key) => {
    const answers = [{ status: 503 }, STORED, STORED];
    const { server, store } = await s3((_, before) => answers[before]!, { storageClass: 'STANDARD_IA' });
    const headers = { contentType: 'text/css', cacheControl: 'no-cache', metadata: { owner: 'me' } };
    await store.put(key, bodyOf('body{}'), putOptions({ headers }));
    expect(server.requests.map((request) => 'amz-sdk-request' in request.headers)).toEqual([false, true]);
    const [short, long] = server.requests.map(lasting);
    expect(short).toEqual(long);
    expect(short!.headers).toMatchObject({
      'x-amz-checksum-crc32': crc32('body{}'),
      'x-amz-meta-owner': 'me',
    });

    await store.put('other.css', bodyOf('other{}'), putOptions({ headers }));
    expect(server.requests).toHaveLength(3);
    expect(server.requests[2]!.body.toString()).toBe('other{}');
    expect(server.requests[2]!.headers['x-amz-checksum-crc32']).toBe(crc32('other{}'));
  },
);

test.each<[string, number]>([
  ['PreconditionFailed', 412],
  ['ConditionalRequestConflict', 409],
  ['NoSuchKey', 404],
])('%s means that the condition is not met', async (code, status) => {
  const { server, store } = await s3(() => failure(code, status));
  const putting = store.put('a', bodyOf('a'), putOptions({ condition: { version: 'v0' } }));
  await expect(putting).rejects.toBeInstanceOf(ConditionFailed);
  expect(server.requests[0]!.headers['if-match']).toBe('"v0"');
});

test('a write whose answer was lost is recognized as this run’s', async () => {
  const answers = [
    { cut: true },
    failure('PreconditionFailed', 412),
    { headers: { etag: '"v2"' }, body: 'ours' },
  ];
  const { store } = await s3((_, before) => answers[before]!);
  const put = store.put('a', bodyOf('ours'), putOptions({ condition: { absent: true } }));
  expect(await put).toEqual({ version: 'v2' });
});

test("another run's write is not", async () => {
  const answers = [
    { cut: true },
    failure('PreconditionFailed', 412),
    { headers: { etag: '"v2"' }, body: 'else' },
  ];
  const { store } = await s3((_, before) => answers[before]!);
  const putting = store.put('a', bodyOf('ours'), putOptions({ condition: { absent: true } }));
  await expect(putting).rejects.toBeInstanceOf(ConditionFailed);
});

test('headers are put by a copy onto itself that keeps the storage options', async () => {
  const copied = { body: '<CopyObjectResult><ETag>"v2"</ETag></CopyObjectResult>' };
  const { server, store } = await s3(() => copied, { acl: 'private', storageClass: 'STANDARD_IA' });
  const options = putOptions({ condition: { version: 'v1' } });
  expect(await store.putHeaders!('a b/c.css', options)).toEqual({ version: 'v2' });
  expect(server.requests[0]!.headers).toMatchObject({
    'x-amz-copy-source': 'site/a%20b/c.css',
    'x-amz-copy-source-if-match': '"v1"',
    'x-amz-metadata-directive': 'REPLACE',
    'cache-control': 'max-age=60',
    'x-amz-acl': 'private',
    'x-amz-storage-class': 'STANDARD_IA',
  });
});

test('a listing is read page by page, and an ETag that is not an MD5 is not taken for one', async () => {
  const md5 = 'd41d8cd98f00b204e9800998ecf8427e';
  const object = (key: string, etag: string) =>
    `<Contents><Key>${key}</Key><Size>3</Size><ETag>&quot;${etag}&quot;</ETag></Contents>`;
  const pages = [
    `<NextContinuationToken>more</NextContinuationToken><IsTruncated>true</IsTruncated>${object('p/a+b%01%2B', md5)}`,
    `<IsTruncated>false</IsTruncated>${object('p/large', `${md5}-3`)}`,
  ];
  const { server, store } = await s3((_, before) => ({
    body: `<ListBucketResult><EncodingType>url</EncodingType>${pages[before]}</ListBucketResult>`,
  }));
  expect(await listAll(store, 'p/')).toEqual([
    { key: 'p/a b\u0001+', size: 3, version: md5, md5 },
    { key: 'p/large', size: 3, version: `${md5}-3` },
  ]);
  expect(server.requests[1]!.target).toContain('continuation-token=more');
});

test('a missing object is read as undefined', async () => {
  const { store } = await s3(() => failure('NoSuchKey', 404));
  expect(await store.read('a', SIGNAL)).toBeUndefined();
});

test('an object whose download is cut is requested again', async () => {
  const half = { ...STORED, body: 'whole', cutAfter: 2 };
  const { server, store } = await s3((_, before) => (before === 0 ? half : { ...STORED, body: 'whole' }));
  const { bytes } = (await store.read('a', SIGNAL))!;
  expect(Buffer.from(bytes).toString()).toBe('whole');
  expect(server.requests).toHaveLength(2);
});

test('keys that could not be removed fail the call, after temporary failures were retried', async () => {
  const error = (key: string, code: string) =>
    `<DeleteResult><Error><Key>${key}</Key><Code>${code}</Code><Message>m</Message></Error></DeleteResult>`;
  const answers = [error('b', 'SlowDown'), error('b', 'AccessDenied')];
  const { server, store } = await s3((_, before) => ({ body: answers[before]! }));
  expect(await messageOf(store.remove(['a', 'b'], SIGNAL))).toMatch(
    /^StaticFilesError: Cannot remove objects such as 's3:\/\/site\/a': access is denied\./,
  );
  expect(server.requests[0]!.body.toString()).toContain(
    '<Object><Key>a</Key></Object><Object><Key>b</Key></Object>',
  );
  expect(server.requests[1]!.body.toString()).not.toContain('<Key>a</Key>');
});

test.each<[string, ScriptedAnswer, string]>([
  [
    'access',
    failure('AccessDenied', 403),
    "Cannot write 's3://site/a.css': access is denied. The credentials in use need s3:ListBucket",
  ],
  [
    'key',
    failure('InvalidAccessKeyId', 403, `<AWSAccessKeyId>${KEYS.accessKeyId}</AWSAccessKeyId>`),
    'the access key is unknown',
  ],
  ['secret', failure('SignatureDoesNotMatch', 403), 'the secret key does not match the access key'],
  ['session', failure('ExpiredToken', 400), 'the session has expired. Log in again'],
  [
    'bucket',
    failure('NoSuchBucket', 404),
    "the bucket 'site' does not exist. Check the options bucket, region and endpoint",
  ],
  [
    'region',
    failure('AuthorizationHeaderMalformed', 400, '<Region>us-west-2</Region>'),
    "the bucket is in the region 'us-west-2'. Set the option region to that",
  ],
  [
    'redirect',
    failure('PermanentRedirect', 301, '', { 'x-amz-bucket-region': 'ap-south-1' }),
    "the bucket is in the region 'ap-south-1'",
  ],
  ['clock', failure('RequestTimeTooSkewed', 403), 'the clock of this machine differs too much'],
  ['checksum', failure('BadDigest', 400), 'the bytes were damaged on the way'],
  ['throttled', failure('SlowDown', 503), 'the service asked for fewer requests on every attempt'],
  ['broken', failure('InternalError', 500), 'the service failed with 500 (InternalError) on every attempt'],
  ['ACLs', failure('AccessControlListNotSupported', 400), 'Leave out the option acl'],
  ['other', failure('Odd', 418), 'the service answered 418 (Odd: The words of the service.)'],
  ['cut', { cut: true }, 'the connection was cut on every attempt'],
])('the message for %s says what to do, without credentials', async (_, answer, expected) => {
  const { store } = await s3(() => answer, { maxAttempts: 2 });
  const message = await messageOf(store.put('a.css', bodyOf('a'), putOptions()));
  expect(message).toContain(expected);
  expect(message).toMatch(/^StaticFilesError: Cannot write 's3:\/\/site\/a\.css': .*[^.]\.$/);
  for (const secret of Object.values(KEYS)) expect(message).not.toContain(secret);
});

test('the messages for a missing server and for missing credentials say what to do', async () => {
  const where = { bucket: 'site', region: 'r', forcePathStyle: true, maxAttempts: 1 };
  const nobody = await createS3Store({ ...where, endpoint: 'http://127.0.0.1:9', credentials: KEYS });
  expect(await messageOf(nobody.read('a', SIGNAL))).toContain('nothing listens at that address');
  const credentials = async () => {
    throw Object.assign(new Error(`No ${KEYS.accessKeyId} here`), { name: 'CredentialsProviderError' });
  };
  const unknown = await createS3Store({ ...where, endpoint: 'http://127.0.0.1:9', credentials });
  expect(await messageOf(unknown.read('a', SIGNAL))).toContain(
    'no credentials were found (No … here). Set AWS_ACCESS_KEY_ID',
  );
});

test('an aborted call rejects with the reason of the signal', async () => {
  const controller = new AbortController();
  const reason = new Error('enough');
  const { store } = await s3(() => {
    controller.abort(reason);
    return failure('SlowDown', 503);
  });
  const putting = store.put('a', bodyOf('a'), putOptions({ signal: controller.signal }));
  await expect(putting).rejects.toBe(reason);
  await expect(store.remove(['a'], controller.signal)).rejects.toBe(reason);
});

const MiB = 1024 * 1024;

function multipart({ method, target }: SeenRequest): ScriptedAnswer {
  if (method === 'POST' && target.includes('uploads'))
    return { body: '<InitiateMultipartUploadResult><UploadId>u1</UploadId></InitiateMultipartUploadResult>' };
  if (method === 'POST')
    return { body: '<CompleteMultipartUploadResult><ETag>"v-2"</ETag></CompleteMultipartUploadResult>' };
  return method === 'DELETE'
    ? { status: 204 }
    : { headers: { etag: '"part"', 'x-amz-checksum-crc32': 'AAAAAA==' } };
}

test('a large object is put in parts, with the condition in the last request', async () => {
  const { server, store } = await s3(multipart, { partSize: 5 * MiB });
  const bytes = Buffer.alloc(12 * MiB, 'x');
  expect(await store.put('l', bodyOf(bytes), putOptions({ condition: { absent: true } }))).toEqual({
    version: 'v-2',
  });
  const parts = server.requests.filter(({ method }) => method === 'PUT');
  expect(parts.map(({ body }) => body.length).sort()).toEqual([2 * MiB, 5 * MiB, 5 * MiB]);
  const created = server.requests[0]!;
  expect(created.headers).toMatchObject({ 'content-type': 'text/css', 'cache-control': 'max-age=60' });
  const completed = server.requests.at(-1)!;
  expect(completed.headers['if-none-match']).toBe('*');
  expect(parts.every(({ headers }) => headers['if-none-match'] === undefined)).toBe(true);
});

test('an index is put in one request, however large', async () => {
  const { server, store } = await s3(() => ({ headers: { etag: '"v1"' } }), { partSize: 5 * MiB });
  const options = putOptions({ internal: true, condition: { version: 'v0' } });
  expect(await store.put('i', bodyOf(Buffer.alloc(6 * MiB)), options)).toEqual({ version: 'v1' });
  expect(server.requests.map(({ method, body }) => [method, body.length])).toEqual([['PUT', 6 * MiB]]);
});

test('an upload in parts is ended when one fails, when the source changes and when the signal is aborted', async () => {
  const bytes = Buffer.alloc(12 * MiB, 'x');
  const failing = await s3(
    (request) => (request.method === 'PUT' ? failure('AccessDenied', 403) : multipart(request)),
    { partSize: 5 * MiB },
  );
  expect(await messageOf(failing.store.put('l', bodyOf(bytes), putOptions()))).toContain('access is denied');
  expect(failing.server.requests.at(-1)).toMatchObject({
    method: 'DELETE',
    target: '/site/l?uploadId=u1&x-id=AbortMultipartUpload',
  });

  const { server, store } = await s3(multipart, { partSize: 5 * MiB });
  const changed = new RangeError('changed');
  const controller = new AbortController();
  const breaking = (stop: () => void) => ({
    ...bodyOf(bytes),
    async *chunks() {
      yield bytes.subarray(0, 11 * MiB);
      stop();
      yield bytes.subarray(11 * MiB);
    },
  });
  const throwing = breaking(() => {
    throw changed;
  });
  await expect(store.put('l', throwing, putOptions())).rejects.toBe(changed);
  expect(server.requests.at(-1)!.method).toBe('DELETE');
  const stopping = breaking(() => controller.abort(changed));
  await expect(store.put('l', stopping, putOptions({ signal: controller.signal }))).rejects.toBe(changed);
  expect(server.requests.filter(({ method }) => method === 'DELETE')).toHaveLength(2);
});

test('your own client is used as it is', async () => {
  const { S3Client } = await import('@aws-sdk/client-s3');
  const server = await scriptedServer(() => STORED);
  const client = new S3Client({ region: 'r', endpoint: server.url, forcePathStyle: true, credentials: KEYS });
  const store = await createS3Store({ bucket: 'own', client });
  await store.put('a', bodyOf('a'), putOptions());
  expect(server.requests[0]!.target).toMatch(/^\/own\/a\?/);
});
