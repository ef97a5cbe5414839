import type { _Error as KeyError } from '@aws-sdk/client-s3';
import { waitAfter } from '../services/repeated.js';
import type { S3Connection } from './connection.js';

/** How many keys one request takes: https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjects.html */
export const KEYS_AT_ONCE = 1000;

/** Failures of single keys that pass. The SDK repeats requests, not parts of them. */
const PASSING = ['InternalError', 'SlowDown', 'ServiceUnavailable', 'OperationAborted'];

/** Removes objects; those that are not there are no error. */
export async function removeObjects(
  connection: S3Connection,
  keys: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  let left = keys;
  for (let attempt = 1; left.length > 0; attempt++) {
    const errors = await removeOnce(connection, left, signal);
    const lasting = errors.find(({ Code = '' }) => !PASSING.includes(Code));
    const first = lasting ?? errors[0];
    if (first === undefined) return;
    if (lasting || attempt >= connection.options.maxAttempts) throw keyFailure(first, errors.length, attempt);
    left = errors.flatMap(({ Key }) => Key ?? []);
    await waitAfter(attempt, signal);
  }
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
  const { Errors = [] } = await client.send(command, { abortSignal: signal });
  return Errors.filter(({ Code }) => Code !== 'NoSuchKey');
}

/** As if the whole request had failed so. */
function keyFailure({ Code = '', Key = '', Message = '' }: KeyError, count: number, attempts: number): Error {
  const error = new Error(`${Message} ('${Key}', and ${count - 1} more)`);
  const status = Code === 'AccessDenied' ? 403 : 500;
  return Object.assign(error, { name: Code, $metadata: { httpStatusCode: status, attempts } });
}
