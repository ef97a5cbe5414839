import { createHash } from 'node:crypto';
import type { DeleteObjectsCommand, _Error as KeyError } from '@aws-sdk/client-s3';
import { runAll } from '../../concurrency/run-all.js';
import { repeated } from '../services/retry.js';
import { etagOf } from '../services/versions.js';
import { isAbsence, isMissingCall, isUnmet, refusesConditions } from './errors.js';
import type { S3Connection } from './objects.js';

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
