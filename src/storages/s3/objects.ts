import { createHash } from 'node:crypto';
import type {
  DeleteObjectsCommand,
  _Error as KeyError,
  ListObjectsV2CommandOutput,
  S3Client,
} from '@aws-sdk/client-s3';
import type { LimitFunction } from 'p-limit';
import { runAll } from '../../concurrency/run-all.js';
import type { ListedObject } from '../objects/object-store.js';
import { describeNetworkFailure } from '../services/errors.js';
import { repeated } from '../services/retry.js';
import type { StoredObject } from '../services/service-store.js';
import { etagOf, versionOf } from '../services/versions.js';
import type { S3Sdk } from './client.js';
import { isAbsence, isMissingCall, isUnmet, refusesConditions, type S3Error } from './errors.js';
import type { PutSender } from './fast-put.js';
import type { CompleteS3Options } from './options.js';

/** Lists every object whose key begins with the prefix, a thousand at a time. */
export async function* listObjects(
  { sdk, client, options }: S3Connection,
  prefix: string,
  signal: AbortSignal,
): AsyncGenerator<readonly ListedObject[]> {
  // Keys may have characters that XML cannot express, so they come URL-encoded.
  const input = { Bucket: options.bucket, Prefix: prefix, EncodingType: 'url' } as const;
  const pages = sdk.paginateListObjectsV2({ client }, input, { abortSignal: signal });
  for await (const page of pages) {
    yield listedOn(page);
  }
}

function listedOn({ Contents = [], EncodingType }: ListObjectsV2CommandOutput): ListedObject[] {
  return Contents.map(({ Key = '', Size = 0, ETag, LastModified }) => {
    const key = EncodingType === 'url' ? decodeURIComponent(Key.replaceAll('+', ' ')) : Key;
    return {
      ...{ key, size: Size },
      // Some services list without ETags.
      ...(ETag && knownBy(versionOf(ETag))),
      ...(LastModified && { modified: LastModified.getTime() }),
    };
  });
}

function knownBy(version: string): Pick<ListedObject, 'version' | 'md5'> {
  return { version, ...(isMd5(version) && { md5: version }) };
}

/** The ETag of an object sent in parts is not an MD5. It ends in a hyphen and the number of parts. */
function isMd5(version: string): boolean {
  return /^[\da-f]{32}$/.test(version);
}

/** Reads an object. */
export function readObject(
  connection: S3Connection,
  key: string,
  signal: AbortSignal,
): Promise<StoredObject> {
  const attempts = connection.options.maxAttempts;
  // The SDK retries until the headers of an answer have come, but not if the body is cut.
  return repeated({ attempts, signal, isPassing: isCutOff }, () => readOnce(connection, key, signal));
}

async function readOnce(
  { sdk, client, options }: S3Connection,
  key: string,
  signal: AbortSignal,
): Promise<StoredObject> {
  const command = new sdk.GetObjectCommand({ Bucket: options.bucket, Key: key });
  const { Body, ETag } = await client.send(command, { abortSignal: signal });
  return { bytes: await Body!.transformToByteArray(), version: versionOf(ETag) };
}

/** Whether a body was cut or damaged. An error with `attempts` was already retried by the SDK. */
function isCutOff(error: unknown): boolean {
  if (isDamaged(error)) return true;
  return (error as S3Error).$metadata?.attempts === undefined && describeNetworkFailure(error) !== undefined;
}

/** Whether the checksum does not match. Some services mix two versions of an object that is replaced while it is read. */
function isDamaged(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith('Checksum mismatch');
}

/** How many keys one request takes: https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjects.html */
export const KEYS_AT_ONCE = 1000;

/** Codes of single keys whose failure may be temporary. The SDK retries whole requests only. */
const PASSING = ['InternalError', 'SlowDown', 'ServiceUnavailable', 'OperationAborted'];

/** Codes of keys whose object has another ETag. */
const UNMET = ['PreconditionFailed', 'ConditionalRequestConflict'];

type Versions = ReadonlyMap<string, string> | undefined;

/**
 * Removes objects, many at once if the service supports it. Missing ones are no error.
 *
 * @param versions by key. Services without conditional deletions ignore them
 * @returns the keys that were left alone because their objects have another version
 */
export async function removeObjects(
  connection: S3Connection,
  keys: readonly string[],
  signal: AbortSignal,
  versions: Versions,
): Promise<readonly string[]> {
  const { lacks, options } = connection;
  if (keys.length > 1 && !lacks.deletions) {
    try {
      return await removeTogether(connection, keys, signal, versions);
    } catch (error) {
      if (!isMissingCall(error)) throw error;
      lacks.deletions = true;
    }
  }
  const spared: string[] = [];
  await runAll(keys, { limit: options.concurrency, signal }, async (key) => {
    if (!(await removeOne(connection, key, signal, versions?.get(key)))) spared.push(key);
  });
  return spared;
}

/** @returns whether it is gone; `false` if it has another version */
async function removeOne(
  connection: S3Connection,
  key: string,
  signal: AbortSignal,
  version: string | undefined,
): Promise<boolean> {
  const { sdk, client, options } = connection;
  const condition = version === undefined ? {} : { IfMatch: etagOf(version) };
  const command = new sdk.DeleteObjectCommand({ Bucket: options.bucket, Key: key, ...condition });
  try {
    await client.send(command, { abortSignal: signal });
    return true;
  } catch (error) {
    if (isAbsence(error)) return true;
    if (isUnmet(error)) return false;
    if (version === undefined || !refusesConditions(error)) throw error;
    return removeOne(connection, key, signal, undefined);
  }
}

async function removeTogether(
  connection: S3Connection,
  keys: readonly string[],
  signal: AbortSignal,
  versions: Versions,
): Promise<readonly string[]> {
  let left = keys;
  const spared: string[] = [];
  const attempts = connection.options.maxAttempts;
  await repeated(
    { attempts, signal, isPassing: (error) => error instanceof KeyFailure && error.isPassing },
    async (attempt) => {
      const answered = await removeOnce(connection, left, signal, versions);
      const errors = answered.filter(({ Code = '' }) => !UNMET.includes(Code));
      spared.push(...answered.flatMap(({ Code = '', Key }) => (UNMET.includes(Code) && Key ? Key : [])));
      const first = errors.find(({ Code = '' }) => !PASSING.includes(Code)) ?? errors[0];
      if (first === undefined) return;
      left = errors.flatMap(({ Key }) => Key ?? []);
      throw new KeyFailure(first, errors.length, attempt);
    },
  );
  return spared;
}

async function removeOnce(
  { sdk, client, options }: S3Connection,
  keys: readonly string[],
  signal: AbortSignal,
  versions: Versions,
): Promise<readonly KeyError[]> {
  const identified = (Key: string) => {
    const version = versions?.get(Key);
    return { Key, ...(version !== undefined && { ETag: etagOf(version) }) };
  };
  const command = new sdk.DeleteObjectsCommand({
    Bucket: options.bucket,
    Delete: { Objects: keys.map(identified), Quiet: true },
  });
  addMd5(command);
  const { Errors = [] } = await client.send(command, { abortSignal: signal });
  return Errors.filter(({ Code }) => Code !== 'NoSuchKey');
}

/** Services that do not know the SDK's checksums require it: https://github.com/aws/aws-sdk-js-v3/issues/6920 */
function addMd5(command: DeleteObjectsCommand): void {
  command.middlewareStack.add(
    (next) => (args) => {
      const { headers, body } = args.request as { headers: Record<string, string>; body: string };
      headers['content-md5'] = createHash('md5').update(body).digest('base64');
      return next(args);
    },
    { step: 'build', name: 'addMd5' },
  );
}

/** The failure of single keys, in the form of a failed request. */
class KeyFailure extends Error {
  readonly $metadata: { readonly httpStatusCode: number; readonly attempts: number };
  readonly isPassing: boolean;

  constructor({ Code = '', Key = '', Message = '' }: KeyError, count: number, attempts: number) {
    super(count > 1 ? `${Message} ('${Key}', and ${count - 1} more)` : `${Message} ('${Key}')`);
    this.name = Code;
    this.$metadata = { httpStatusCode: Code === 'AccessDenied' ? 403 : 500, attempts };
    this.isPassing = PASSING.includes(Code);
  }
}

/** What every call to a bucket needs. */
export interface S3Connection {
  readonly sdk: S3Sdk;
  readonly client: S3Client;
  readonly send: PutSender;
  readonly options: CompleteS3Options;
  /** Limits how many large objects are sent at a time. */
  readonly large: LimitFunction;
  /** Calls that the service turned out not to support. */
  readonly lacks: { copies: boolean; deletions: boolean };
}
