import { createHash } from 'node:crypto';
import { S3Client } from '@aws-sdk/client-s3';
import { expect, test } from 'vitest';
import type { AwsCredentials } from '../../../src/plugins/aws-credentials.js';
import type { PutOptions } from '../../../src/storages/objects/object-store.js';
import type { S3Options } from '../../../src/storages/s3/options.js';
import { createS3Store } from '../../../src/storages/s3/s3.js';
import { headerForm, signersFor } from '../../../src/storages/s3/signature.js';
import { bodyOf, putOptions } from '../../support/objects.js';
import { type SeenRequest, scriptedServer } from '../../support/scripted-server.js';

const KEYS = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'the-secret-of-the-tests' };
const REGION = 'eu-central-1';

interface ToSign {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/** Returns `authorization` as the SDK's own signer computes it. */
async function signedBySdk(
  request: ToSign,
  date: Date,
  credentials: AwsCredentials = KEYS,
  region = REGION,
): Promise<string> {
  const { config } = new S3Client({ region, credentials });
  const scheme = { name: 'sigv4', signingName: 's3', signingRegion: region, properties: {} };
  const signer = await (config.signer as (scheme: object) => ReturnType<typeof config.signer>)(scheme);
  const whole = { ...request, protocol: 'http:', hostname: 'any' };
  const signed = await signer.sign(whole as never, {
    signingDate: date,
    signingService: 's3',
    signingRegion: region,
  });
  return (signed as unknown as ToSign).headers.authorization!;
}

/** Turns a request that has arrived back into one to be signed. */
function toSign({ method, target, headers, body }: SeenRequest): ToSign {
  const { authorization: _, ...others } = headers as Record<string, string>;
  const [path, query] = target.split('?');
  return {
    method,
    path: path!,
    query: Object.fromEntries(new URLSearchParams(query)),
    headers: others,
    body,
  };
}

function dateOf({ headers }: SeenRequest): Date {
  const [, year, month, day, hour, minute, second] = /^(....)(..)(..)T(..)(..)(..)Z$/.exec(
    headers['x-amz-date'] as string,
  )!;
  return new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
}

const plain = { contentType: 'text/css', cacheControl: 'max-age=60', metadata: {} };

interface Case {
  readonly key?: string;
  readonly body?: string;
  readonly put?: Partial<PutOptions>;
  readonly options?: Partial<S3Options>;
}

const CASES: Readonly<Record<string, Case>> = {
  'without anything special': {},
  'without bytes': { body: '' },
  'that must be absent': { put: { condition: { absent: true } } },
  'that must have a version': { put: { condition: { version: '9a0364b9e99bb480dd25e1f0284c8555-2' } } },
  'with an encoding, a language and a name': {
    put: {
      headers: {
        ...plain,
        contentEncoding: 'br',
        contentLanguage: 'de',
        contentDisposition: 'attachment; filename="a b.css"',
      },
    },
  },
  'with metadata that sorts around the other headers': {
    put: { headers: { ...plain, metadata: { a: '1', zebra: '2', 'b-c': '3', 'x-1': '4' } } },
  },
  'with metadata that has several spaces': {
    put: { headers: { ...plain, metadata: { note: 'two  spaces\tand   more', quote: '"a;b,c=d"' } } },
  },
  'with an ACL': { options: { acl: 'public-read' } },
  'with a storage class': { options: { storageClass: 'STANDARD_IA' } },
  'with encryption': { options: { serverSideEncryption: 'aws:kms', sseKmsKeyId: 'arn:aws:kms:eu:1:key/a' } },
  'with a session token': { options: { credentials: { ...KEYS, sessionToken: 'FwoGZX/+IvYXdz==' } } },
  'with a session token and a condition': {
    put: { condition: { absent: true } },
    options: { credentials: { ...KEYS, sessionToken: 'token' }, acl: 'private' },
  },
  'without a checksum': { options: { requestChecksumCalculation: 'WHEN_REQUIRED' } },
  'in another region': { options: { region: 'us-west-2' } },
  'in a bucket with dots': { options: { bucket: 'static.example.com' } },
  'with keys from a function': { options: { credentials: async () => ({ ...KEYS, sessionToken: 's' }) } },
  'with escaped characters in its key': { key: "ä b/(c)'!*~+%#?.css" },
  'with reserved characters in its key': { key: 'deep/er/$&=,;:@.css' },
  'with a key of other planes': { key: '日本/🙂.css' },
  'with empty and dotted parts in its key': { key: 'a//b/../c/./d.css' },
};

test.each(Object.entries(CASES))(
  'an object %s has the signature of the SDK',
  async (_, { key = 'a/b.css', ...given }) => {
    const { body = 'body{}', put, options } = given;
    const server = await scriptedServer(() => ({ headers: { etag: '"v1"' } }));
    const where = { bucket: 'site', region: REGION, endpoint: server.url, forcePathStyle: true };
    const store = createS3Store({ ...where, credentials: KEYS, maxAttempts: 1, ...options });
    await store.put(key, bodyOf(body), putOptions({ headers: plain, ...put }));
    const [request] = server.requests;
    expect(server.requests).toHaveLength(1);
    expect('amz-sdk-request' in request!.headers).toBe(false); // it was not sent by the SDK
    const credentials = options?.credentials ?? KEYS;
    const keys = typeof credentials === 'function' ? await credentials() : credentials;
    const signature = await signedBySdk(toSign(request!), dateOf(request!), keys, options?.region);
    expect(request!.headers.authorization).toBe(signature);
  },
);

test('a key is kept for a day and its credentials, and no longer', async () => {
  const signerAt = signersFor({ region: REGION, service: 's3' });
  const others = { accessKeyId: 'AKIAOTHER', secretAccessKey: 'another-secret' };
  const headers = { host: 'site.s3.eu-central-1.amazonaws.com', 'content-type': 'text/css' };
  const body = Buffer.from('body{}');
  const bodyHash = createHash('sha256').update(body).digest('hex');
  const form = headerForm(headers, ['x-amz-content-sha256', 'x-amz-date']);
  const times: [string, AwsCredentials][] = [
    ['2026-01-31T23:59:59.999Z', KEYS],
    ['2026-02-01T00:00:00.000Z', KEYS],
    ['2026-02-01T00:00:00.500Z', others],
    ['2026-02-01T00:00:00.700Z', { ...others, accessKeyId: 'AKIATHIRD' }],
    ['2026-01-31T23:59:59.999Z', KEYS],
  ];
  for (const [time, keys] of times) {
    const date = new Date(time);
    const signer = signerAt(date.getTime(), keys);
    const own = { 'x-amz-content-sha256': bodyHash, 'x-amz-date': signer.date };
    const request = { method: 'PUT', path: '/a.css', query: 'x-id=PutObject' };
    const ours = signer.sign({ ...request, headers: form(own), bodyHash });
    const wanted = { ...request, query: { 'x-id': 'PutObject' }, headers: { ...headers, ...own }, body };
    expect(ours).toBe(await signedBySdk(wanted, date, keys));
  }
});

test('headers that a proxy may change are not signed', () => {
  const changed = {
    'cache-control': 'no-cache',
    'user-agent': 'me',
    'proxy-authorization': 'x',
    te: 'trailers',
  };
  const form = headerForm({ ...changed, host: 'h', 'content-type': ' text/css ' }, [
    'content-length',
    'authorization',
  ]);
  expect(form({ 'content-length': '6', authorization: 'x' })).toEqual({
    names: 'content-length;content-type;host',
    lines: 'content-length:6\ncontent-type:text/css\nhost:h\n',
  });
});
