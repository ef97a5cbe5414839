import { generateKeyPairSync } from 'node:crypto';
import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import { StaticFilesError } from '../src/errors.js';
import { errorWithoutSecrets, withoutSecrets } from '../src/secrets.js';

const AZURE_KEY = Buffer.alloc(64, 'key').toString('base64');
const PEM = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
const JWT = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.SflKxwRJSMeKKF2QT4';

test.each([
  [
    'https://a.blob.core.windows.net/c/b?sv=2024&sig=aB%2Bc%3D&se=2030',
    'https://a.blob.core.windows.net/c/b?sv=2024&sig=…&se=2030',
  ],
  ['<a href="https://a/c?sv=2024&amp;sig=aBc">', '<a href="https://a/c?sv=2024&amp;sig=…">'],
  ['to=https%3A%2F%2Fa%2Fc%3Fsig%3DaBc', 'to=https%3A%2F%2Fa%2Fc%3Fsig%3D…'],
  [
    '?X-Amz-Credential=EXAMPLE%2F20240101&X-Amz-Signature=abc1&X-Amz-Security-Token=Fwo%2F',
    '?X-Amz-Credential=…&X-Amz-Signature=…&X-Amz-Security-Token=…',
  ],
  ['?GoogleAccessId=me&Expires=1&Signature=abc%2B1', '?GoogleAccessId=me&Expires=1&Signature=…'],
  ['?X-Goog-Credential=me%40p&X-Goog-Signature=ab01', '?X-Goog-Credential=…&X-Goog-Signature=…'],
  [
    `DefaultEndpointsProtocol=https;AccountName=me;AccountKey=${AZURE_KEY};EndpointSuffix=core.windows.net`,
    'DefaultEndpointsProtocol=https;AccountName=me;AccountKey=…;EndpointSuffix=core.windows.net',
  ],
  [
    'BlobEndpoint=https://a/;SharedAccessSignature=sv=2024&sp=rw&sig=aBc%3D;X=1',
    'BlobEndpoint=https://a/;SharedAccessSignature=…;X=1',
  ],
  [`the key ${AZURE_KEY} was refused`, 'the key … was refused'],
  [
    'Authorization: AWS4-HMAC-SHA256 Credential=EXAMPLE/2024/s3, Signature=abc\r\nHost: a',
    'Authorization: …\r\nHost: a',
  ],
  ['"authorization":"SharedKey me:abc="', '"authorization":"…"'],
  ["{ authorization: 'Bearer abcDEF123' }", "{ authorization: '…' }"],
  ['x-amz-security-token:FwoGZXIv', 'x-amz-security-token:…'],
  ['AccessKey: 1b9d6bcd', 'AccessKey: …'],
  ['sent with Bearer abc.DEF-123_x.y', 'sent with Bearer …'],
  ['curl: (22) https://me:pa:ss@cdn.example.com/purge', 'curl: (22) https://me:…@cdn.example.com/purge'],
  ['rsync://me:pass@host/module', 'rsync://me:…@host/module'],
  ['https://tokenOfMine@cdn.example.com/purge', 'https://…@cdn.example.com/purge'],
  ['RSYNC_PASSWORD=hidden rsync -a', 'RSYNC_PASSWORD=… rsync -a'],
  ['--rsh=sshpass -p hidden ssh', '--rsh=sshpass -p … ssh'],
  [`{"private_key":${JSON.stringify(PEM)},"client_email":"me"}`, '{"private_key":"…","client_email":"me"}'],
  [`bad key: ${PEM}`, 'bad key: …\n'],
  ['<Code>InvalidToken</Code><Token-0>FwoGZXIv</Token-0>', '<Code>InvalidToken</Code><Token-0>…</Token-0>'],
  ['The key AKIAIOSFODNN7EXAMPLE or ASIAIOSFODNN7EXAMPLE is not known.', 'The key … or … is not known.'],
  [`refused: ${JWT}`, 'refused: …'],
  ['https://api.example.com/?api_key=abc&path=/x', 'https://api.example.com/?api_key=…&path=/x'],
  ['access_token=ya29.a0Af', 'access_token=…'],
])('%j is shown without its credentials', (text, shown) => {
  expect(withoutSecrets(text)).toBe(shown);
});

test.each([
  'Bearer token authentication is not permitted for non-TLS protected (non-https) URLs.',
  "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or log in with 'aws sso login'.",
  'Check the options accountName and accountKey, or connectionString, or sasToken and its expiry.',
  "static/app.css:2:25: '../img/design=2.svg' not found. Did you mean '../img/design-2.svg'?",
  `integrity="sha512-${Buffer.alloc(64, 'x').toString('base64')}"`,
  'deploy@web1:/srv/static/, rsync://deploy@web1/module/',
  `Unexpected token '}', "{}}" is not valid JSON`,
  'the account in use needs the role Storage Object User (storage.objects.list)',
])('%j has none, and is shown as it is', (text) => {
  expect(withoutSecrets(text)).toBe(text);
});

test('given secrets are hidden as they are, in URLs and in JSON', () => {
  const secret = 'a/b+"c';
  const text = `${secret} ${encodeURIComponent(secret)} ${JSON.stringify({ value: secret })}`;
  expect(withoutSecrets(text, [secret])).toBe('… … {"value":"…"}');
});

test('a long text is searched in no time', () => {
  const text = 'access-key-'.repeat(20_000);
  expect(withoutSecrets(text)).toBe(text);
});

const URL_WITH_SECRET = 'https://a.blob.core.windows.net/c?sv=2024&sig=hidden%3D';

class Response {
  readonly url = URL_WITH_SECRET;
}

/** An error of an SDK, with its request and all. */
class ServiceError extends Error {
  override readonly name = 'ServiceError';
  readonly statusCode = 403;
  readonly url = URL_WITH_SECRET;
  readonly headers = { authorization: 'Bearer hidden-1', host: 'a' };
  readonly response = new Response();
}

/** All that logging an error can show. */
function shown(error: unknown): string {
  return inspect(error, { depth: null, showHidden: true }) + String((error as Error).stack);
}

test.each<[string, unknown]>([
  ['the message of a cause', new Error(`GET ${URL_WITH_SECRET}`)],
  ['a cause of a cause', new Error('outer', { cause: new Error(`GET ${URL_WITH_SECRET}`) })],
  ['errors that were gathered', new AggregateError([new Error(`GET ${URL_WITH_SECRET}`)], 'all failed')],
  ['properties, requests and responses', new ServiceError('refused')],
  ['a text', `GET ${URL_WITH_SECRET}`],
  ['an object', { url: URL_WITH_SECRET, sasToken: 'hidden' }],
])('%s shows no credentials', (_, cause) => {
  const error = new StaticFilesError('target', 'It failed.', { cause });
  expect(shown(error)).toContain('…');
  expect(shown(error)).not.toContain('hidden');
});

test('a message shows no credentials', () => {
  expect(new StaticFilesError('plugin', `GET ${URL_WITH_SECRET} failed`).message).toBe(
    'GET https://a.blob.core.windows.net/c?sv=2024&sig=… failed',
  );
});

test('a copy keeps its class and what is not secret', () => {
  const copy = errorWithoutSecrets(new ServiceError(`GET ${URL_WITH_SECRET}`));
  expect(copy).toBeInstanceOf(ServiceError);
  expect(copy).toMatchObject({ name: 'ServiceError', statusCode: 403, headers: { host: 'a' } });
  expect((copy as Error).stack).toContain('secrets.test.ts');
});

test('an error without secrets stays the same object, also with circular causes', () => {
  const error = Object.assign(new Error('ENOENT', { cause: new DOMException('late', 'TimeoutError') }), {
    code: 'ENOENT',
  });
  expect(errorWithoutSecrets(error)).toBe(error);
  const circle: Error & { self?: Error } = new Error('round');
  circle.self = circle;
  expect(errorWithoutSecrets(circle)).toBe(circle);
});

test('given secrets are hidden in a chain of causes', () => {
  const error = new Error('outer', { cause: new Error('my-own-key was refused') });
  expect(shown(errorWithoutSecrets(error, ['my-own-key']))).not.toContain('my-own-key');
});
