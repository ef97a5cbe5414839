import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { ConditionFailed, ConditionsRefused } from '../../../src/storages/objects/object-store.js';
import type { S3Options } from '../../../src/storages/s3/options.js';
import { createS3Store, s3Storage } from '../../../src/storages/s3/s3.js';
import { bodyOf, messageOf, putOptions, SIGNAL } from '../../support/objects.js';
import { type ScriptedAnswer, type SeenRequest, scriptedServer } from '../../support/scripted-server.js';

const CREDENTIALS = { accessKeyId: 'me', secretAccessKey: 'the-secret-of-the-tests' };
const STORED: ScriptedAnswer = { headers: { etag: '"v1"' } };

async function s3(
  answer: (request: SeenRequest, before: number) => ScriptedAnswer,
  options: Partial<S3Options> = {},
) {
  const server = await scriptedServer(answer);
  const where = { bucket: 'site', region: 'eu-central-1', endpoint: server.url, forcePathStyle: true };
  return { server, store: createS3Store({ ...where, credentials: CREDENTIALS, maxAttempts: 1, ...options }) };
}

function failure(
  code: string,
  status: number,
  message = 'The words of the service.',
  more = '',
): ScriptedAnswer {
  const body = `<?xml version="1.0"?><Error><Code>${code}</Code><Message>${message}</Message>${more}</Error>`;
  return { status, headers: { 'content-type': 'application/xml' }, body };
}

const header = (name: string) => `<Header>${name}</Header>`;
const isDeleteObjects = ({ method }: SeenRequest) => method === 'POST';
const deleted = ({ requests }: { requests: readonly SeenRequest[] }) =>
  requests.filter(({ method }) => method === 'DELETE').map(({ target }) => target.replace(/\?.*/, ''));

test('a deletion of several objects has an MD5, which older services require', async () => {
  const { server, store } = await s3(({ headers, body }) => {
    const md5 = createHash('md5').update(body).digest('base64');
    return headers['content-md5'] === md5 ? { body: '<DeleteResult/>' } : failure('MissingContentMD5', 400);
  });
  await store.remove(['a', 'b'], SIGNAL);
  expect(server.requests).toHaveLength(1);
});

test.each<[string, number]>([
  ['NotImplemented', 501],
  ['MethodNotAllowed', 405],
  ['MissingContentMD5', 400],
  ['NotFound', 404],
])(
  'objects are deleted one by one if the service answers %s to a deletion of several',
  async (code, status) => {
    const { server, store } = await s3((request) =>
      isDeleteObjects(request) ? failure(code, status) : { status: 204 },
    );
    await store.remove(['a', 'b c', 'd'], SIGNAL);
    expect(deleted(server).sort()).toEqual(['/site/a', '/site/b%20c', '/site/d']);
    await store.remove(['e', 'f'], SIGNAL);
    expect(server.requests.filter(isDeleteObjects)).toHaveLength(1);
    expect(deleted(server)).toHaveLength(5);
  },
);

test('a missing object is no error, but one that may not be deleted is', async () => {
  const { store } = await s3((request) => {
    if (isDeleteObjects(request)) return failure('NotImplemented', 501);
    return request.target.startsWith('/site/gone') ? failure('NoSuchKey', 404) : failure('AccessDenied', 403);
  });
  await store.remove(['gone-1', 'gone-2'], SIGNAL);
  expect(await messageOf(store.remove(['gone-1', 'kept'], SIGNAL))).toContain('access is denied');
});

const versions = new Map([
  ['a', 'v1'],
  ['b', 'v2'],
]);

test('a deletion of several objects keeps those with another version', async () => {
  const { server, store } = await s3(() => ({
    body: '<DeleteResult><Error><Key>b</Key><Code>PreconditionFailed</Code></Error></DeleteResult>',
  }));
  expect(await store.remove(['a', 'b', 'c'], SIGNAL, versions)).toEqual(['b']);
  expect(server.requests[0]!.body.toString()).toMatch(/<Key>a<\/Key>\s*<ETag>(&quot;|")v1\1<\/ETag>/);
});

test('deletions one by one keep objects with another version', async () => {
  const { server, store } = await s3((request) => {
    if (isDeleteObjects(request)) return failure('NotImplemented', 501);
    return request.headers['if-match'] === '"v2"' ? failure('PreconditionFailed', 412) : { status: 204 };
  });
  expect(await store.remove(['a', 'b', 'c'], SIGNAL, versions)).toEqual(['b']);
  const conditions = server.requests.map(({ target, headers }) => [target[6], headers['if-match']]);
  expect(conditions.slice(1).sort()).toEqual([
    ['a', '"v1"'],
    ['b', '"v2"'],
    ['c', undefined],
  ]);
});

test('a service that refuses conditional deletions deletes unconditionally', async () => {
  const { store } = await s3(({ headers }) =>
    headers['if-match'] ? failure('NotImplemented', 501, 'x', header('If-Match')) : { status: 204 },
  );
  expect(await store.remove(['a'], SIGNAL, versions)).toEqual([]);
});

test('a missing bucket fails a deletion at once', async () => {
  const { server, store } = await s3(() => failure('NoSuchBucket', 404));
  expect(await messageOf(store.remove(['a', 'b'], SIGNAL))).toContain("the bucket 'site' does not exist");
  expect(server.requests).toHaveLength(1);
});

const versioned = putOptions({ condition: { version: 'v1' } });

test.each<[string, number]>([
  ['NotImplemented', 501],
  ['InvalidArgument', 400],
  ['MethodNotAllowed', 405],
])('a service that answers a copy with %s does not support changing headers', async (code, status) => {
  const { server, store } = await s3(() => failure(code, status));
  expect(await store.putHeaders!('a', versioned)).toBeUndefined();
  expect(await store.putHeaders!('b', versioned)).toBeUndefined();
  expect(server.requests).toHaveLength(1);
});

test.each(['NoSuchKey', 'PreconditionFailed'])(
  '%s for the copy of an unchanged object means that the service does not support copies',
  async (code) => {
    const { store } = await s3(({ method }) =>
      method === 'HEAD' ? STORED : failure(code, code === 'NoSuchKey' ? 404 : 412),
    );
    expect(await store.putHeaders!('a', versioned)).toBeUndefined();
  },
);

test.each<[string, ScriptedAnswer]>([
  ['another one', { headers: { etag: '"v2"' } }],
  ['none', { status: 404 }],
])('headers are not changed if there is %s by now', async (_, head) => {
  const { store } = await s3(({ method }) => (method === 'HEAD' ? head : failure('PreconditionFailed', 412)));
  await expect(store.putHeaders!('a', versioned)).rejects.toBeInstanceOf(ConditionFailed);
});

test('the message says that a service sends no ETags', async () => {
  const { store } = await s3(() => ({ body: 'bytes' }));
  const lack = 'the service sends no ETag, which is needed to see whether an object has changed';
  expect(await messageOf(store.read('a', SIGNAL))).toBe(
    `StaticFilesError: Cannot read 's3://site/a': ${lack}.`,
  );
  expect(await messageOf(store.put('a', bodyOf('a'), putOptions()))).toContain(lack);
});

const conditional = putOptions({ condition: { absent: true } });

test.each<[string, ScriptedAnswer]>([
  ['501 without a reason', failure('NotImplemented', 501)],
  ['501 with the header', failure('NotImplemented', 501, 'Not implemented.', header('If-None-Match'))],
  ['400 that names the header', failure('InvalidArgument', 400, 'Unsupported header If-None-Match')],
  ['400 with the header', failure('InvalidRequest', 400, 'Unsupported.', header('if-match'))],
])('conditions that are refused with %s are distinguished from those that are not met', async (_, answer) => {
  const { store } = await s3(() => answer);
  await expect(store.put('a', bodyOf('a'), conditional)).rejects.toBeInstanceOf(ConditionsRefused);
});

test('publishing to a service that refuses conditions fails with the option to set', async () => {
  const { server } = await s3(({ method, headers }) => {
    if (method === 'GET') return failure('NoSuchKey', 404);
    return headers['if-none-match'] ? failure('NotImplemented', 501) : STORED;
  });
  const storage = await s3Storage({
    ...{ bucket: 'site', region: 'r', endpoint: server.url, forcePathStyle: true, index: false },
    ...{ credentials: CREDENTIALS, maxAttempts: 1 },
  });
  expect(await messageOf(Promise.resolve(storage.lock!(SIGNAL)))).toMatch(
    /^StaticFilesError: The service of 's3:\/\/site\/' .*condition.*501 \(NotImplemented.*conditional: false/,
  );
});

test.each<[string, ScriptedAnswer]>([
  ['a header', failure('NotImplemented', 501, 'Not implemented.', header('x-amz-checksum-mode'))],
  ['its message', failure('InvalidArgument', 400, 'x-amz-checksum-crc32 is not supported')],
  ['nothing', failure('NotImplemented', 501)],
])('the message for checksums refused by %s names both options', async (_, answer) => {
  const { store } = await s3(() => answer);
  const both = "the options `requestChecksumCalculation` and `responseChecksumValidation` to 'WHEN_REQUIRED'";
  expect(await messageOf(store.read('a', SIGNAL))).toContain(both);
  expect(await messageOf(store.put('a', bodyOf('a'), putOptions()))).toContain(both);
});

test('with both options no checksum is sent, and none is requested', async () => {
  const checksums = {
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
  } as const;
  const { server, store } = await s3(() => STORED, checksums);
  await store.put('a', bodyOf('a'), putOptions());
  await store.read('a', SIGNAL);
  const names = server.requests.flatMap(({ headers }) => Object.keys(headers));
  expect(names.filter((name) => name.includes('checksum'))).toEqual([]);
});

test('the message for a denied access includes the service’s own', async () => {
  const sentence = 'User me is not authorized to perform: s3:PutObject because of BlockPublicAcls';
  const { store } = await s3(() => failure('AccessDenied', 403, sentence));
  expect(await messageOf(store.put('a', bodyOf('a'), putOptions()))).toMatch(
    new RegExp(`: access is denied\\. The credentials in use need .* \\(${sentence}\\)\\.$`),
  );
});

test('the message for an unknown host suggests to put the bucket into the path', async () => {
  const { server, store } = await s3(() => failure('NoSuchBucket', 404), { forcePathStyle: false });
  const { port } = new URL(server.url);
  const local = createS3Store({
    ...{ bucket: 'site', region: 'r', credentials: CREDENTIALS, maxAttempts: 1 },
    endpoint: `http://name-without-an-address.invalid:${port}`,
  });
  const hint = `The request went to 'site.name-without-an-address.invalid:${port}'. If the service expects the bucket in the path, set forcePathStyle: true`;
  expect(await messageOf(local.read('a', SIGNAL))).toContain(hint);
  expect(await messageOf(store.read('a', SIGNAL))).toContain('set forcePathStyle: true');
});

test.each(['https://me.r2.cloudflarestorage.com/site', 'https://me.r2.cloudflarestorage.com/site/'])(
  'the address %s is refused, since it contains the bucket',
  (endpoint) => {
    expect(() => createS3Store({ bucket: 'site', endpoint })).toThrow(
      `endpoint: '${endpoint}' contains the bucket. Did you mean 'https://me.r2.cloudflarestorage.com'?`,
    );
  },
);

test('with a clock that is off, each object is sent once after the first', async () => {
  const ahead = 60 * 60 * 1000;
  const { server, store } = await s3(
    ({ headers }) => {
      const [, day, time] = /^(\d{8})T(\d{6})Z$/.exec(headers['x-amz-date'] as string)!;
      const signed = Date.parse(
        `${day!.replace(/(..)(..)$/, '-$1-$2')}T${time!.replace(/(..)(..)$/, ':$1:$2')}Z`,
      );
      const now = Date.now() + ahead;
      const date = new Date(now).toUTCString();
      if (Math.abs(signed - now) > 15 * 60 * 1000) {
        const { headers: given, ...refused } = failure('RequestTimeTooSkewed', 403);
        return { ...refused, headers: { ...given, date } };
      }
      return { headers: { etag: '"v1"', date } };
    },
    { maxAttempts: 3 },
  );
  await store.put('first', bodyOf('1'), putOptions());
  const before = server.requests.length;
  for (const key of ['a', 'b', 'c']) await store.put(key, bodyOf(key), putOptions());
  expect(server.requests.slice(before).map(({ target }) => target.replace(/\?.*/, ''))).toEqual([
    '/site/a',
    '/site/b',
    '/site/c',
  ]);
});
