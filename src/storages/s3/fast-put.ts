import { hash } from 'node:crypto';
import http from 'node:http';
import https from 'node:https';
import { crc32 } from 'node:zlib';
import type { PutObjectCommandInput, S3Client } from '@aws-sdk/client-s3';
import type { HttpAgents } from '../../plugins/http-agents.js';
import type { Condition, ObjectBody, ObjectHeaders, PutOptions } from '../objects/object-store.js';
import { SILENCE } from '../services/retry.js';
import type { Sending } from '../services/service-store.js';
import { etagOf } from '../services/versions.js';
import { CONNECTING, type S3Connecting, type S3Sdk, writeCondition, writeParameters } from './client.js';
import type { CompleteS3Options } from './options.js';
import { type CanonicalHeaders, headerForm, type SignerAt, signersFor } from './signature.js';

/** Sends a small object and returns its ETag. */
export type PutSender = (
  key: string,
  body: ObjectBody,
  options: PutOptions,
  sending: Sending,
) => Promise<string | undefined>;

/**
 * Returns a function that sends small objects. If the client was made here, files are first sent the fast way; any answer
 * other than 200 is left to the SDK, which handles errors and retries.
 *
 * @throws what the SDK throws
 */
export function createPutSender(
  sdk: S3Sdk,
  { client, agents }: S3Connecting,
  options: CompleteS3Options,
): PutSender {
  const { bucket } = options;
  const inputFor = (headers: ObjectHeaders, internal = false): Omit<PutObjectCommandInput, 'Key'> => ({
    Bucket: bucket,
    ...writeParameters(headers, options, internal),
  });
  const fast =
    agents && PLAIN_BUCKET.test(bucket) ? createFastPut(sdk, { client, agents }, inputFor) : undefined;

  return async (key, body, { headers, condition, internal, signal }, sending) => {
    const bytes = body.bytes();
    if (fast && !internal) {
      const answer = await fast({ key, bytes, headers, condition, signal });
      if (answer?.status === 200) return answer.etag;
      // The service may have stored the object although it did not say so.
      if (answer && (answer.status === undefined || answer.status >= 500)) sending.attempts++;
      signal.throwIfAborted();
    }
    const input = { ...inputFor(headers, internal), Key: key, Body: bytes, ...writeCondition(condition) };
    return (await client.send(new sdk.PutObjectCommand(input), { abortSignal: signal })).ETag;
  };
}

/** Neither an ARN nor a directory bucket (`…--x-s3`), whose requests are signed in other ways. */
const PLAIN_BUCKET = /^[a-z0-9](?!.*--)[a-z0-9.-]+$/;

/** An object to be stored in one request. */
interface SmallObject {
  readonly key: string;
  readonly bytes: Uint8Array;
  readonly headers: ObjectHeaders;
  readonly condition: Condition | undefined;
  readonly signal: AbortSignal;
}

/** An answer of the service. It has no status if it was lost, and then the service may have got the request or not. */
interface Answer {
  readonly status?: number | undefined;
  readonly etag?: string | undefined;
}

/** Sends an object. Returns `undefined` if only the SDK can do that. */
type FastPut = (object: SmallObject) => Promise<Answer | undefined>;

/** A request without what depends on the object. */
interface Pattern {
  readonly protocol: string;
  readonly host: string;
  readonly port: number | undefined;
  /** The path before the key. */
  readonly folder: string;
  /** Escaped, without `?`. */
  readonly query: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly hasChecksum: boolean;
  readonly signerAt: SignerAt;
  /** The form of the signed headers, by the names of those that depend on the object. */
  readonly forms: Map<string, ReturnType<typeof headerForm>>;
}

/**
 * Sends small objects with a fifth of the SDK's work. The SDK builds one request for each kind of headers, and only what
 * depends on the object is exchanged in it. It is signed here, with the credentials and the clock of the SDK's client, and
 * sent over the client's connections.
 *
 * @param inputFor returns the parameters for objects with certain headers
 */
function createFastPut(
  sdk: S3Sdk,
  { client, agents }: Required<S3Connecting>,
  inputFor: (headers: ObjectHeaders) => Omit<PutObjectCommandInput, 'Key'>,
): FastPut {
  const patterns = new WeakMap<ObjectHeaders, Promise<Pattern | undefined>>();

  return async (object) => {
    let building = patterns.get(object.headers);
    if (building === undefined) {
      building = buildPattern(sdk, client, inputFor(object.headers));
      patterns.set(object.headers, building);
    }
    const pattern = await building;
    if (pattern === undefined) return undefined;
    const { credentials, systemClockOffset } = client.config;
    const keys = await credentials();
    // The SDK learns from answers how far the clock of this machine is off.
    const { date, sign } = pattern.signerAt(Date.now() + systemClockOffset, keys);
    const own = ownHeaders(object, pattern, date, keys.sessionToken);
    const path = pattern.folder + escapedKey(object.key);
    const { query } = pattern;
    const unsigned = { method: 'PUT', path, query, headers: signedHeaders(pattern, own) };
    const authorization = sign({ ...unsigned, bodyHash: own[BODY_HASH]! });
    const headers = { ...pattern.headers, ...own, authorization };
    const target = query === '' ? path : `${path}?${query}`;
    return request({ ...pattern, method: 'PUT', path: target, headers, agents }, object);
  };
}

const BODY_HASH = 'x-amz-content-sha256';
const CHECKSUM = 'x-amz-checksum-crc32';

function ownHeaders(
  { bytes, condition }: SmallObject,
  { hasChecksum }: Pattern,
  date: string,
  sessionToken: string | undefined,
): Record<string, string> {
  const headers: Record<string, string> = {
    'content-length': String(bytes.length),
    [BODY_HASH]: hash('sha256', bytes, 'hex'),
    'x-amz-date': date,
  };
  if (hasChecksum) headers[CHECKSUM] = checksumOf(bytes);
  if (sessionToken) headers['x-amz-security-token'] = sessionToken;
  if (condition === undefined) return headers;
  if ('absent' in condition) headers['if-none-match'] = '*';
  else headers['if-match'] = etagOf(condition.version);
  return headers;
}

function signedHeaders({ headers, forms }: Pattern, own: Record<string, string>): CanonicalHeaders {
  const names = Object.keys(own);
  const kind = names.join();
  let form = forms.get(kind);
  if (form === undefined) {
    form = headerForm(headers, names);
    forms.set(kind, form);
  }
  return form(own);
}

// Building the pattern

/** A request as the SDK builds it, before it is signed. */
type BuiltRequest = Parameters<S3Client['config']['requestHandler']['handle']>[0];

/** How the SDK would sign a request: an entry of the endpoint's `authSchemes`. */
interface SigningScheme {
  readonly name?: string;
  readonly signingRegion?: string;
  readonly signingName?: string;
}

/** A placeholder for keys, which the SDK does not escape. */
const ANY_KEY = 'staticfiles-any-key';

/** Headers of the SDK that differ from request to request. */
const PER_REQUEST = /^amz-sdk-/;

/** Makes the SDK build a request without sending it, as its presigner does. */
async function buildPattern(
  sdk: S3Sdk,
  client: S3Client,
  input: Omit<PutObjectCommandInput, 'Key'>,
): Promise<Pattern | undefined> {
  const stack = client.middlewareStack.clone();
  let built: BuiltRequest | undefined;
  let scheme: SigningScheme | undefined;
  stack.add(
    (_, context) =>
      async ({ request }) => {
        built = request as BuiltRequest;
        scheme = (context.endpointV2?.properties?.authSchemes as readonly SigningScheme[] | undefined)?.[0];
        return { response: {}, output: { $metadata: {} } };
      },
    { step: 'build', priority: 'low', name: 'keepRequest' },
  );
  const command = new sdk.PutObjectCommand({ ...input, Key: ANY_KEY, Body: Buffer.from('any bytes') });
  await command.resolveMiddleware(stack, client.config, {})(command);
  if (built === undefined || scheme?.name !== 'sigv4' || !isPattern(built)) return undefined;
  const { protocol, hostname, port, path } = built;
  const lasting = Object.entries<string>(built.headers).filter(([name]) => !PER_REQUEST.test(name));
  return {
    ...{ protocol, port, host: hostname.replace(/^\[(.*)\]$/, '$1') },
    folder: path.slice(0, -ANY_KEY.length),
    query: Object.entries(built.query)
      .map(([name, value]) => `${escaped(name)}=${escaped(value as string)}`)
      .sort()
      .join('&'),
    headers: Object.fromEntries(lasting),
    hasChecksum: CHECKSUM in built.headers,
    signerAt: signersFor({
      region: scheme.signingRegion ?? (await client.config.region()),
      service: scheme.signingName ?? 's3',
    }),
    forms: new Map(),
  };
}

/** Whether only known parts depend on key and bytes: no other checksum, and no body in chunks. */
function isPattern({ method, path, query, headers, username }: BuiltRequest): boolean {
  const others = Object.keys(headers).filter((name) => /^x-amz-(?:checksum-|trailer)/.test(name));
  return (
    method === 'PUT' &&
    path.endsWith(`/${ANY_KEY}`) &&
    'host' in headers &&
    username === undefined &&
    Object.values(query).every((value) => typeof value === 'string') &&
    others.every((name) => name === CHECKSUM)
  );
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html#create-canonical-request */
function escaped(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** Most keys need no escape, and looking is faster than escaping. */
function escapedKey(key: string): string {
  return /^[\w./~-]*$/.test(key) ? key : escaped(key).replaceAll('%2F', '/');
}

function checksumOf(bytes: Uint8Array): string {
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(bytes));
  return sum.toString('base64');
}

// Sending

type Outgoing = Pick<Pattern, 'protocol' | 'host' | 'port'> & {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly agents: HttpAgents;
};

/** Sends a request with the time limits of the SDK's client. Whatever fails here, the SDK fails at too, and says so. */
function request(
  { protocol, host, port, method, path, headers, agents }: Outgoing,
  { bytes, signal }: SmallObject,
): Promise<Answer> {
  const isSecure = protocol === 'https:';
  const agent = isSecure ? agents.httpsAgent : agents.httpAgent;
  return new Promise((resolve) => {
    if (signal.aborted) return resolve({});
    const options = { host, port, method, path, headers, agent, timeout: SILENCE };
    const sent = (isSecure ? https : http).request(options, (response) => {
      response.resume(); // otherwise the connection is not used again
      resolve({ status: response.statusCode, etag: response.headers.etag });
    });
    const stop = () => sent.destroy();
    signal.addEventListener('abort', stop, { once: true });
    sent.once('socket', (socket) => {
      if (!socket.connecting) return;
      const timer = setTimeout(stop, CONNECTING);
      socket.once('connect', () => clearTimeout(timer)).once('close', () => clearTimeout(timer));
    });
    sent.on('timeout', stop);
    sent.on('error', () => resolve({}));
    sent.on('close', () => {
      signal.removeEventListener('abort', stop);
      resolve({}); // unless an answer has come
    });
    sent.end(bytes);
  });
}
