import { hash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import type { PutObjectCommandInput, S3Client } from '@aws-sdk/client-s3';
import type { ObjectBody, ObjectHeaders, PutOptions } from '../objects/object-store.js';
import { type S3Sdk, writeCondition, writeParameters } from './client.js';
import type { CompleteS3Options } from './options.js';

/** A request as the SDK builds it, before it is signed. */
type BuiltRequest = Parameters<S3Client['config']['requestHandler']['handle']>[0];

/** Sends a small object. Returns `undefined` if the SDK must send it instead. */
type FastPut = (
  key: string,
  bytes: Uint8Array,
  kind: ObjectHeaders,
  signal: AbortSignal,
) => Promise<{ readonly etag: string } | undefined>;

/** A placeholder for keys, which the SDK does not escape. */
const ANY_KEY = 'staticfiles-any-key';

const CHECKSUM = 'x-amz-checksum-crc32';

/** Headers that differ from request to request. */
const PER_REQUEST = /^amz-sdk-/;

/**
 * Sends small objects with a quarter of the SDK's work for each. The SDK builds one request for each kind of headers, and
 * only key and bytes are exchanged in it. Signing and sending use the SDK's signer and connections. Any answer other than
 * 200 is left to the SDK, which handles errors and retries.
 *
 * @param inputFor returns the parameters for objects with certain headers
 */
async function createFastPut(
  sdk: S3Sdk,
  client: S3Client,
  inputFor: (kind: ObjectHeaders) => Omit<PutObjectCommandInput, 'Key'>,
): Promise<FastPut> {
  const region = await client.config.region();
  const scheme = { name: 'sigv4', signingName: 's3', signingRegion: region, properties: {} };
  const { signer: signers, requestHandler } = client.config;
  const signer = typeof signers === 'function' ? await signers(scheme) : signers;
  const patterns = new WeakMap<ObjectHeaders, Promise<BuiltRequest | undefined>>();

  return async (key, bytes, kind, abortSignal) => {
    let building = patterns.get(kind);
    if (building === undefined) {
      building = buildPattern(sdk, client, inputFor(kind));
      patterns.set(kind, building);
    }
    const pattern = await building;
    if (pattern === undefined) return undefined;
    try {
      const request = requestLike(pattern, key, bytes);
      const signed = await signer.sign(request, {
        signingService: 's3',
        signingRegion: region,
        // The SDK learns from answers how far the clock of this machine is off.
        signingDate: new Date(Date.now() + client.config.systemClockOffset),
      });
      const { response } = await requestHandler.handle(signed, { abortSignal });
      response.body.resume(); // otherwise the connection is not used again
      const { etag } = response.headers;
      return response.statusCode === 200 && etag ? { etag } : undefined;
    } catch {
      return undefined;
    }
  };
}

/** Makes the SDK build a request without sending it, as its presigner does. */
async function buildPattern(
  sdk: S3Sdk,
  client: S3Client,
  input: Omit<PutObjectCommandInput, 'Key'>,
): Promise<BuiltRequest | undefined> {
  const stack = client.middlewareStack.clone();
  let built: BuiltRequest | undefined;
  stack.add(
    () =>
      async ({ request }) => {
        built = request as BuiltRequest;
        return { response: {}, output: { $metadata: {} } };
      },
    { step: 'build', priority: 'low', name: 'keepRequest' },
  );
  const command = new sdk.PutObjectCommand({ ...input, Key: ANY_KEY, Body: Buffer.from('any bytes') });
  await command.resolveMiddleware(stack, client.config, {})(command);
  if (built === undefined || !isPattern(built)) return undefined;
  const lasting = Object.entries(built.headers).filter(([name]) => !PER_REQUEST.test(name));
  return Object.assign(built, { headers: Object.fromEntries(lasting) });
}

/** Whether only known parts depend on key and bytes: no other checksum, and no body in chunks. */
function isPattern({ path, headers }: BuiltRequest): boolean {
  const others = Object.keys(headers).filter((name) => /^x-amz-(?:checksum-|trailer)/.test(name));
  return path.endsWith(`/${ANY_KEY}`) && others.every((name) => name === CHECKSUM);
}

function requestLike(pattern: BuiltRequest, key: string, bytes: Uint8Array): BuiltRequest {
  const { headers } = pattern;
  return Object.assign(Object.create(Object.getPrototypeOf(pattern)), pattern, {
    path: pattern.path.slice(0, -ANY_KEY.length) + escapedKey(key),
    headers: {
      ...headers,
      'content-length': String(bytes.length),
      'x-amz-content-sha256': hash('sha256', bytes, 'hex'),
      ...(CHECKSUM in headers && { [CHECKSUM]: checksumOf(bytes) }),
    },
    body: bytes,
  });
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html#create-canonical-request */
function escapedKey(key: string): string {
  return encodeURIComponent(key)
    .replaceAll('%2F', '/')
    .replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
}

function checksumOf(bytes: Uint8Array): string {
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(bytes));
  return sum.toString('base64');
}

/** Sends a small object and returns its ETag. */
export type PutSender = (key: string, body: ObjectBody, options: PutOptions) => Promise<string | undefined>;

/**
 * Returns a function that sends small objects with the SDK. If the client was made here, it first tries the fast way.
 *
 * @throws what the SDK throws
 */
export function createPutSender(sdk: S3Sdk, client: S3Client, options: CompleteS3Options): PutSender {
  const { bucket } = options;
  const inputFor = (
    headers: PutOptions['headers'],
    internal = false,
  ): Omit<PutObjectCommandInput, 'Key'> => ({
    Bucket: bucket,
    ...writeParameters(headers, options, internal),
  });
  const hasFastWay = options.client === undefined && PLAIN_BUCKET.test(bucket);
  let fast: Promise<FastPut> | undefined;

  return async (key, body, { headers, condition, internal, signal }) => {
    const bytes = body.bytes();
    if (hasFastWay && condition === undefined && !internal) {
      fast ??= createFastPut(sdk, client, inputFor);
      const sent = await (await fast)(key, bytes, headers, signal);
      if (sent !== undefined) return sent.etag;
      signal.throwIfAborted();
    }
    const input = { ...inputFor(headers, internal), Key: key, Body: bytes, ...writeCondition(condition) };
    return (await client.send(new sdk.PutObjectCommand(input), { abortSignal: signal })).ETag;
  };
}

/** Neither an ARN nor a directory bucket (`…--x-s3`), whose requests are signed in other ways. */
const PLAIN_BUCKET = /^[a-z0-9](?!.*--)[a-z0-9.-]+$/;
