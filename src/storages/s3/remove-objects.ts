import { createHash } from 'node:crypto';
import type { DeleteObjectsCommand, _Error as KeyError } from '@aws-sdk/client-s3';
import { inLanes } from '../../lanes.js';
import { repeated } from '../services/repeated.js';
import type { S3Connection } from './connection.js';
import { isAbsence, isMissingCall } from './errors.js';

/** How many keys one request takes: https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjects.html */
export const KEYS_AT_ONCE = 1000;

/** Failures of single keys that pass. The SDK repeats requests, not parts of them. */
const PASSING = ['InternalError', 'SlowDown', 'ServiceUnavailable', 'OperationAborted'];

/** Removes objects, many at once if the service can; those that are not there are no error. */
export async function removeObjects(
  connection: S3Connection,
  keys: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  const { lacks } = connection;
  if (keys.length > 1 && !lacks.deletions) {
    try {
      return await removeTogether(connection, keys, signal);
    } catch (error) {
      if (!isMissingCall(error)) throw error;
      lacks.deletions = true;
    }
  }
  await inLanes(keys, connection.options.concurrency, signal, (key) => removeOne(connection, key, signal));
}

async function removeOne(
  { sdk, client, options }: S3Connection,
  key: string,
  signal: AbortSignal,
): Promise<void> {
  const command = new sdk.DeleteObjectCommand({ Bucket: options.bucket, Key: key });
  try {
    await client.send(command, { abortSignal: signal });
  } catch (error) {
    if (!isAbsence(error)) throw error;
  }
}

async function removeTogether(
  connection: S3Connection,
  keys: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  let left = keys;
  const attempts = connection.options.maxAttempts;
  await repeated(
    { attempts, signal, isPassing: (error) => error instanceof KeyFailure && error.isPassing },
    async (attempt) => {
      const errors = await removeOnce(connection, left, signal);
      const first = errors.find(({ Code = '' }) => !PASSING.includes(Code)) ?? errors[0];
      if (first === undefined) return;
      left = errors.flatMap(({ Key }) => Key ?? []);
      throw new KeyFailure(first, errors.length, attempt);
    },
  );
}

async function removeOnce(
  { sdk, client, options }: S3Connection,
  keys: readonly string[],
  signal: AbortSignal,
): Promise<readonly KeyError[]> {
  const command = new sdk.DeleteObjectsCommand({
    Bucket: options.bucket,
    Delete: { Objects: keys.map((Key) => ({ Key })), Quiet: true },
  });
  addMd5(command);
  const { Errors = [] } = await client.send(command, { abortSignal: signal });
  return Errors.filter(({ Code }) => Code !== 'NoSuchKey');
}

/** Services from before the SDK's checksums demand it: https://github.com/aws/aws-sdk-js-v3/issues/6920 */
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

/** As if the whole request had failed so. */
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
