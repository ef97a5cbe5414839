import { createHash } from 'node:crypto';
import { inspect } from 'node:util';
import { afterEach, expect, test, vi } from 'vitest';
import { azureStorage, createAzureStore } from '../../../src/storages/azure/azure.js';
import { type AzureOptions, withAzureCredentials } from '../../../src/storages/azure/options.js';
import { ConditionFailed } from '../../../src/storages/objects/object-store.js';
import { bodyOf, listAll, messageOf, putOptions, SIGNAL } from '../../support/objects.js';
import { type ScriptedAnswer, type SeenRequest, scriptedServer } from '../../support/scripted-server.js';

const KEY = Buffer.from('the-secret-of-the-tests').toString('base64');

const SAS = 'sv=2024-01-01&sp=rw&sig=TheSignatureOfTheTests%3D';

const STORED = { status: 201, headers: { etag: '"0x1"' } };

async function azure(
  answer: (request: SeenRequest, before: number) => ScriptedAnswer,
  options: Partial<AzureOptions> = {},
) {
  const server = await scriptedServer(answer);
  const where = { container: 'site', endpoint: `${server.url}/me`, accountName: 'me', maxTries: 2 };
  return { server, store: await createAzureStore({ ...where, accountKey: KEY, ...options }) };
}

function failure(code: string, status: number, more = ''): ScriptedAnswer {
  const body = `<?xml version="1.0" encoding="utf-8"?><Error><Code>${code}</Code><Message>The words of the service.\nRequestId:1\nTime:2</Message>${more}</Error>`;
  return { status, headers: { 'x-ms-error-code': code, 'content-type': 'application/xml' }, body };
}

const md5 = (content: string | Buffer) => createHash('md5').update(content).digest('base64');

test.each<[Record<string, unknown>, string]>([
  [{ accountName: 'me' }, "storage 'azure': container: this key is required."],
  [{ container: 'c' }, "storage 'azure': accountName: accountName or connectionString is required."],
  [{ container: 'c', accountName: 'me', key: 'hidden' }, "key: unknown option of the storage 'azure'."],
  [
    { container: 'c', connectionString: 'hidden', accountName: 'me' },
    'connectionString: cannot be combined with accountName.',
  ],
  [
    { container: 'c', accountName: 'me', accountKey: 'hidden', sasToken: 'hidden' },
    'accountKey: cannot be combined with sasToken.',
  ],
  [{ container: 'c', connectionString: 'AccountName=hidden' }, 'connectionString: not a connection string.'],
  [
    { container: 'c', accountName: 'me', accountKey: ['hidden'] },
    'accountKey: expected a string that is not empty, got another value.',
  ],
])('options %j: %s', async (options, message) => {
  const text = await messageOf(
    azureStorage(options as unknown as AzureOptions).then((storage) => storage.readText('any.txt')),
  );
  expect(text).toContain(message);
  expect(text).not.toContain('hidden');
});

test('a blob is put in one request, with headers and a hash by which the service verifies it', async () => {
  const { server, store } = await azure(() => STORED, { accessTier: 'Cool', encryptionScope: 'scope' });
  const headers = {
    contentType: 'text/css',
    cacheControl: 'no-cache',
    contentEncoding: 'br',
    metadata: { owner: 'me' },
  };
  const put = store.put('a b/ü.css', bodyOf('body{}'), putOptions({ headers, condition: { absent: true } }));
  expect(await put).toEqual({ version: '0x1' });
  const [request] = server.requests;
  expect(request).toMatchObject({ method: 'PUT', target: '/me/site/a%20b/%C3%BC.css' });
  expect(request!.headers).toMatchObject({
    'x-ms-blob-type': 'BlockBlob',
    'x-ms-blob-content-type': 'text/css',
    'x-ms-blob-cache-control': 'no-cache',
    'x-ms-blob-content-encoding': 'br',
    'x-ms-blob-content-md5': md5('body{}'),
    'x-ms-meta-owner': 'me',
    'x-ms-access-tier': 'Cool',
    'x-ms-encryption-scope': 'scope',
    'if-none-match': '*',
  });
});

test.each<[string, number]>([
  ['BlobAlreadyExists', 409],
  ['ConditionNotMet', 412],
  ['BlobNotFound', 404],
])('%s means that the condition is not met', async (code, status) => {
  const { server, store } = await azure(() => failure(code, status));
  const putting = store.put('a', bodyOf('a'), putOptions({ condition: { version: '0x0' } }));
  await expect(putting).rejects.toBeInstanceOf(ConditionFailed);
  expect(server.requests[0]!.headers['if-match']).toBe('"0x0"');
});

test('a lease is not a condition', async () => {
  const { store } = await azure(() => failure('LeaseIdMissing', 412));
  const putting = store.put('a', bodyOf('a'), putOptions({ condition: { version: '0x0' } }));
  expect(await messageOf(putting)).toContain('the blob is leased');
});

test('a write whose answer was lost is recognized as this run’s', async () => {
  const answers = [
    { cut: true },
    failure('BlobAlreadyExists', 409),
    { headers: { etag: '"0x2"' }, body: 'ours' },
  ];
  const { store } = await azure((_, before) => answers[before]!);
  const putting = store.put('a', bodyOf('ours'), putOptions({ condition: { absent: true } }));
  expect(await putting).toEqual({ version: '0x2' });
});

test('headers are put with the hash of the bytes, and metadata only if it differs', async () => {
  const { server, store } = await azure(({ method }) => ({
    headers:
      method === 'HEAD'
        ? { etag: '"0x1"', 'content-md5': md5('body{}'), 'x-ms-meta-owner': 'you' }
        : { etag: `"0x${server.requests.length}"` },
  }));
  const headers = { contentType: 'text/css', cacheControl: 'c', metadata: { owner: 'me' } };
  const condition = { version: '0x1' };
  expect(await store.putHeaders!('a', putOptions({ headers, condition }))).toEqual({ version: '0x3' });
  const [seen, set, pairs] = server.requests;
  expect(seen!.headers['if-match']).toBe('"0x1"');
  expect(set!.headers).toMatchObject({ 'if-match': '"0x1"', 'x-ms-blob-content-md5': md5('body{}') });
  expect(pairs!.headers).toMatchObject({ 'if-match': '"0x2"', 'x-ms-meta-owner': 'me' });
  const same = { ...headers, metadata: { owner: 'you' } };
  await store.putHeaders!('a', putOptions({ headers: same, condition }));
  expect(server.requests).toHaveLength(5);
});

test('metadata names that Azure does not allow are refused', async () => {
  const { store } = await azure(() => STORED);
  const headers = { contentType: 'c', cacheControl: 'c', metadata: { 'cache-tag': 'x' } };
  expect(await messageOf(store.put('a', bodyOf('a'), putOptions({ headers })))).toContain(
    "Azure does not allow the metadata name 'cache-tag'",
  );
});

test('a listing is read page by page, with hashes in hexadecimal and headers, without folders', async () => {
  const blob = (name: string, metadata: string) =>
    `<Blob><Name>${name}</Name><Properties><Etag>0x1</Etag><Content-Length>3</Content-Length><Content-Type>text/css</Content-Type><Cache-Control>c</Cache-Control><Content-MD5>1B2M2Y8AsgTpgAmY7PhCfg==</Content-MD5></Properties><Metadata>${metadata}</Metadata></Blob>`;
  const page = (blobs: string, next: string) =>
    `<?xml version="1.0"?><EnumerationResults ServiceEndpoint="x" ContainerName="site"><Blobs>${blobs}</Blobs><NextMarker>${next}</NextMarker></EnumerationResults>`;
  const pages = [
    page(blob('p/a', '<Owner>me</Owner>'), 'more'),
    page(blob('p/dir', '<hdi_isfolder>true</hdi_isfolder>'), ''),
  ];
  const { server, store } = await azure((_, before) => ({
    headers: { 'content-type': 'application/xml' },
    body: pages[before]!,
  }));
  expect(await listAll(store, 'p/')).toEqual([
    {
      key: 'p/a',
      size: 3,
      version: '0x1',
      md5: 'd41d8cd98f00b204e9800998ecf8427e',
      headers: { contentType: 'text/css', cacheControl: 'c', metadata: { owner: 'me' } },
    },
  ]);
  expect(server.requests[1]!.target).toContain('marker=more');
});

test('a missing blob is read as undefined, and removing it is no error', async () => {
  const { store } = await azure(() => failure('BlobNotFound', 404));
  expect(await store.read('a', SIGNAL)).toBeUndefined();
  await store.remove(['a', 'b'], SIGNAL);
});

test.each<[string, ScriptedAnswer, string]>([
  ['key', failure('AuthenticationFailed', 403), 'the key or signature is invalid'],
  [
    'clock',
    failure(
      'AuthenticationFailed',
      403,
      '<AuthenticationErrorDetail>Request date header too old: x</AuthenticationErrorDetail>',
    ),
    'the clock of this machine differs too much',
  ],
  [
    'access',
    failure('AuthorizationPermissionMismatch', 403),
    "access is denied. The account in use needs the role 'Storage Blob Data Contributor'",
  ],
  ['container', failure('ContainerNotFound', 404), "the container 'site' does not exist"],
  ['checksum', failure('Md5Mismatch', 400), 'the bytes were damaged on the way'],
  ['throttled', failure('ServerBusy', 503), 'the service asked for fewer requests on every attempt'],
  ['broken', failure('InternalError', 500), 'the service failed with 500 (InternalError) on every attempt'],
  ['other', failure('Odd', 418), 'the service answered 418 (Odd: The words of the service)'],
  ['cut', { cut: true }, 'the connection was cut on every attempt'],
])('the message for %s says what to do, without credentials', async (_, answer, expected) => {
  for (const credentials of [{ accountKey: KEY }, { accountKey: undefined, sasToken: SAS }]) {
    const { store } = await azure(() => answer, credentials as Partial<AzureOptions>);
    const message = await messageOf(store.put('a.css', bodyOf('a'), putOptions()));
    expect(message).toContain(expected);
    expect(message).toMatch(/^StaticFilesError: Cannot write 'azure:\/\/me\/site\/a\.css': .*[^.]\.$/);
    expect(message).not.toMatch(/TheSignature|sig=T/);
    expect(message).not.toContain(KEY);
  }
});

test('an aborted call rejects with the reason of the signal', async () => {
  const controller = new AbortController();
  const reason = new Error('enough');
  const { store } = await azure(() => {
    controller.abort(reason);
    return failure('ServerBusy', 503);
  });
  const putting = store.put('a', bodyOf('a'), putOptions({ signal: controller.signal }));
  await expect(putting).rejects.toBe(reason);
  await expect(store.remove(['a'], controller.signal)).rejects.toBe(reason);
});

test('an index is put in one request, however large', async () => {
  const { server, store } = await azure(() => STORED, { blockSize: 64 * 1024 });
  const options = putOptions({ internal: true, condition: { version: '0x0' } });
  expect(await store.put('i', bodyOf(Buffer.alloc(70_000)), options)).toEqual({ version: '0x1' });
  expect(server.requests.map(({ body }) => body.length)).toEqual([70_000]);
});

test('a large blob is put in blocks with a hash each, and appears with their list', async () => {
  const { server, store } = await azure(() => STORED, { blockSize: 64 * 1024 });
  const bytes = Buffer.alloc(150 * 1024, 'x');
  await store.put('l', bodyOf(bytes), putOptions({ condition: { absent: true } }));
  const list = server.requests.at(-1)!;
  const blocks = server.requests.slice(0, -1);
  expect(list.target).toContain('comp=blocklist');
  expect(list.headers).toMatchObject({ 'if-none-match': '*', 'x-ms-blob-content-md5': md5(bytes) });
  const byId = new Map(
    blocks.map(({ target, body }) => [new URL(target, 'http://x').searchParams.get('blockid'), body]),
  );
  const ids = [...list.body.toString().matchAll(/<Latest>(.*?)<\/Latest>/g)].map(([, id]) => id!);
  expect(Buffer.concat(ids.map((id) => byId.get(id)!)).equals(bytes)).toBe(true);
  for (const { headers, body } of blocks) expect(headers['content-md5']).toBe(md5(body));
});

test('no list is sent for a source that changes during the upload', async () => {
  const { server, store } = await azure(() => STORED, { blockSize: 64 * 1024 });
  const changed = new RangeError('changed');
  const body = {
    ...bodyOf(Buffer.alloc(200 * 1024)),
    async *chunks() {
      yield Buffer.alloc(150 * 1024);
      throw changed;
    },
  };
  await expect(store.put('l', body, putOptions())).rejects.toBe(changed);
  expect(server.requests.some(({ target }) => target.includes('blocklist'))).toBe(false);
});

afterEach(() => vi.unstubAllEnvs());

test('credentials of the environment are used if the options have none', () => {
  vi.stubEnv('AZURE_STORAGE_ACCOUNT', 'me');
  vi.stubEnv('AZURE_STORAGE_KEY', 'k');
  expect(withAzureCredentials({ container: 'c' })).toEqual({
    container: 'c',
    accountName: 'me',
    accountKey: 'k',
  });
  expect(withAzureCredentials({ container: 'c', sasToken: 's' })).toEqual({ container: 'c', sasToken: 's' });
  vi.stubEnv('AZURE_STORAGE_ACCOUNT', undefined);
  vi.stubEnv('AZURE_STORAGE_CONNECTION_STRING', 'whole');
  expect(withAzureCredentials({ container: 'c' })).toEqual({ container: 'c', connectionString: 'whole' });
  expect(withAzureCredentials({ accountName: 'you' })).toEqual({ accountName: 'you', accountKey: 'k' });
});

test('neither the message nor the cause shows a signature that a gateway repeats', async () => {
  const { store } = await azure(
    ({ target }) => ({ status: 403, body: `<html>Access to http://gateway${target} is blocked</html>` }),
    { accountKey: undefined, sasToken: SAS } as unknown as Partial<AzureOptions>,
  );
  const error: unknown = await store.read('a', SIGNAL).catch((thrown: unknown) => thrown);
  expect(inspect(error, { depth: null, showHidden: true })).toContain('gateway');
  expect(inspect(error, { depth: null, showHidden: true })).not.toContain('TheSignature');
});

test('an emulator is shown with its account', () => {
  const store = createAzureStore({ container: 'site', connectionString: 'UseDevelopmentStorage=true' });
  expect(store.displayUrl).toBe('azure://devstoreaccount1/site');
});

test('the message says why a signature is refused, such as that it has expired', async () => {
  const detail = 'Signature not valid in the specified time frame: Expiry [Mon, 01 Jan 2024]';
  const { store } = await azure(() =>
    failure('AuthenticationFailed', 403, `<AuthenticationErrorDetail>${detail}</AuthenticationErrorDetail>`),
  );
  expect(await messageOf(store.read('a', SIGNAL))).toContain(
    `the key or signature is invalid. Check the options accountName and accountKey, or connectionString, or sasToken and its expiry (${detail})`,
  );
});

test('signing in by @azure/identity at an insecure address names the options that help', async () => {
  const { BlobServiceClient } = await import('@azure/storage-blob');
  const credential = { getToken: async () => ({ token: 'any', expiresOnTimestamp: Date.now() + 60_000 }) };
  const client = new BlobServiceClient('http://127.0.0.1:9/me', credential);
  const store = createAzureStore({ container: 'site', client });
  expect(await messageOf(store.read('a', SIGNAL))).toMatch(
    /^StaticFilesError: Cannot read 'azure:\/\/.*\/site\/a': @azure\/identity signs in only at addresses that begin with https:\/\/\./,
  );
});
