import { generateKeyPairSync } from 'node:crypto';
import { expect, test } from 'vitest';
import { withoutSecrets } from '../src/secrets.js';

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

test('secrets that are given are hidden as they are, in URLs and in JSON', () => {
  const secret = 'a/b+"c';
  const text = `${secret} ${encodeURIComponent(secret)} ${JSON.stringify({ value: secret })}`;
  expect(withoutSecrets(text, [secret])).toBe('… … {"value":"…"}');
});

test('a text that is as large as a page of errors is searched at once', () => {
  const text = 'access-key-'.repeat(20_000);
  expect(withoutSecrets(text)).toBe(text);
});
