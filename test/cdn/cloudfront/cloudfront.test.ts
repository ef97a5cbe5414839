import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CloudFrontClient } from '@aws-sdk/client-cloudfront';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type CloudFrontOptions, cloudfront } from '../../../src/cdn/cloudfront/cloudfront.js';
import type { ChangedFile } from '../../../src/storages/storage.js';

const ID = 'E2QWRUHAPOMQZL';

const KEYS = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret-of-the-test' };

const { signal } = new AbortController();

interface Asked {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly authorization: string | undefined;
  readonly body: string;
}

const asked: Asked[] = [];

let answer: { readonly status: number; readonly body: string };

let server: Server;

let client: CloudFrontClient;

beforeEach(async () => {
  asked.length = 0;
  answer = { status: 201, body: INVALIDATION };
  server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    const { method, url, headers } = request;
    asked.push({ method, url, authorization: headers.authorization, body });
    response.writeHead(answer.status, { 'content-type': 'text/xml' }).end(answer.body);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  client = new CloudFrontClient({ region: 'us-east-1', endpoint, credentials: KEYS, maxAttempts: 1 });
});

afterEach(() => {
  client.destroy();
  server.closeAllConnections();
  server.close();
});

/** https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_CreateInvalidation.html */
const INVALIDATION = `<?xml version="1.0"?>
<Invalidation xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/"><Id>I1</Id><Status>InProgress</Status>
<CreateTime>2024-01-31T12:00:00Z</CreateTime><InvalidationBatch><Paths><Quantity>1</Quantity><Items><Path>/x</Path></Items></Paths>
<CallerReference>x</CallerReference></InvalidationBatch></Invalidation>`;

function failure(code: string, message: string): string {
  return `<?xml version="1.0"?><ErrorResponse xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/"><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error><RequestId>1</RequestId></ErrorResponse>`;
}

function afterPublish(
  changed: readonly ChangedFile[],
  options: Partial<CloudFrontOptions> = {},
  staticUrl = '/static/',
) {
  const context = { baseDir: '/', staticRoot: '/', staticUrl, cacheDir: '/' };
  const hook = cloudfront({ distributionId: ID, client, ...options }, context);
  return hook(changed, { publicUrl: staticUrl, signal });
}

function plain(...publicPaths: string[]): ChangedFile[] {
  return publicPaths.map((publicPath) => ({ publicPath, immutable: false }));
}

function pathsIn({ body }: Asked): string[] {
  return Array.from(body.matchAll(/<Path>(.*?)<\/Path>/g), (match) => match[1]!);
}

describe('cloudfront', () => {
  it('invalidates names without a fingerprint in one request', async () => {
    await afterPublish([
      ...plain('css/app.css', 'css/app.css.gz', 'ü.txt'),
      { publicPath: 'css/app.0a1b2c3d4e5f.css', immutable: true },
    ]);
    expect(asked).toHaveLength(1);
    expect(asked[0]).toMatchObject({
      method: 'POST',
      url: `/2020-05-31/distribution/${ID}/invalidation`,
      authorization: expect.stringContaining(KEYS.accessKeyId),
    });
    expect(pathsIn(asked[0]!)).toEqual([
      '/static/%C3%BC.txt',
      '/static/css/app.css',
      '/static/css/app.css.gz',
    ]);
    expect(asked[0]!.body).toContain('<Quantity>3</Quantity>');
  });

  it('gives each request a reference of its own', async () => {
    await afterPublish(plain('a.css'));
    await afterPublish(plain('a.css'));
    const references = asked.map(({ body }) => /<CallerReference>(.+?)<\/CallerReference>/.exec(body)?.[1]);
    expect(new Set(references).size).toBe(2);
    expect(references[0]).toMatch(/^staticfiles-/);
  });

  it('makes no request if all names have a fingerprint', async () => {
    await afterPublish([{ publicPath: 'app.0a1b2c3d4e5f.css', immutable: true }]);
    expect(asked).toEqual([]);
  });

  it.each([
    ['https://cdn.example.com/assets/', {}, '/assets/a.css'],
    ['//cdn.example.com/', {}, '/a.css'],
    ['/static/', { basePath: '/' }, '/a.css'],
  ])('finds the path of the files: %s %j', async (staticUrl, options, path) => {
    await afterPublish(plain('a.css'), options, staticUrl);
    expect(pathsIn(asked[0]!)).toEqual([path]);
  });

  it('uses wildcards for more than maxPaths files', async () => {
    await afterPublish(plain('css/a.css', 'css/b.css', 'c.css'), { maxPaths: 2 });
    expect(pathsIn(asked[0]!)).toEqual(['/static/c.css', '/static/css/*']);
  });

  it.each([
    [403, 'AccessDenied', 'the credentials in use need cloudfront:CreateInvalidation for it'],
    [
      404,
      'NoSuchDistribution',
      'that account does not have this distribution. Check the option distributionId',
    ],
    [
      400,
      'TooManyInvalidationsInProgress',
      'too many invalidations are in progress. Wait until some are done',
    ],
    [400, 'InvalidArgument', 'Your request is odd'],
  ])('that fails (%s %s) says what was published, and the command to run', async (status, code, reason) => {
    answer = { status, body: failure(code, 'Your request is odd.') };
    await expect(afterPublish(plain('a.css', "it's.css"))).rejects.toMatchObject({
      code: 'target',
      message:
        `Everything is published, but the invalidation of distribution '${ID}' failed: ${reason}. ` +
        'Until its caches expire, CloudFront may serve the old files. The next run will not invalidate them. ' +
        `Run:\n  aws cloudfront create-invalidation --distribution-id ${ID} --paths '/static/a.css' '/static/it'\\''s.css'`,
    });
  });

  it('that fails for many paths names all files', async () => {
    answer = { status: 400, body: failure('InvalidArgument', 'odd') };
    const many = Array.from({ length: 11 }, (_, number) => `${number}.css`);
    await expect(afterPublish(plain(...many))).rejects.toThrow(/--paths '\/static\/\*'$/);
  });

  it('that is aborted rejects with the signal’s reason', async () => {
    const context = { baseDir: '/', staticRoot: '/', staticUrl: '/static/', cacheDir: '/' };
    const reason = new Error('stop');
    const aborted = { publicUrl: '/static/', signal: AbortSignal.abort(reason) };
    const hook = cloudfront({ distributionId: ID, client }, context);
    await expect(async () => hook(plain('a.css'), aborted)).rejects.toBe(reason);
  });
});

it.each([
  [
    { distributionId: 'https://d1.cloudfront.net' },
    "distributionId: expected a distribution's id such as 'E2QWRUHAPOMQZL', got 'https://d1.cloudfront.net'.",
  ],
  [{ distributionId: undefined }, "hook 'cloudfront': distributionId: this key is required."],
  [
    { basePath: 'static/' },
    "basePath: expected a path that begins and ends in '/', such as '/static/', got 'static/'.",
  ],
  [{ maxPaths: 0 }, 'maxPaths: expected a whole number from 1 to 3000, got 0.'],
  [{ maxPaths: 3001 }, 'maxPaths: expected a whole number from 1 to 3000, got 3001.'],
  [
    { distribution: 'E1' },
    "distribution: unknown option of the hook 'cloudfront'. Did you mean 'distributionId'?",
  ],
])('refuses the options %j', (options, message) => {
  const context = { baseDir: '/', staticRoot: '/', staticUrl: '/static/', cacheDir: '/' };
  const given = { distributionId: ID, ...options } as CloudFrontOptions;
  expect(() => cloudfront(given, context)).toThrow(message);
});
