import type { _Error as KeyError } from '@aws-sdk/client-s3';
import { repeated } from '../services/repeated.js';
import type { S3Connection } from './connection.js';
import { etagOf } from './write-parameters.js';

/** How many keys one request takes: https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjects.html */
export const KEYS_AT_ONCE = 1000;

/** Failures of single keys that pass. The SDK repeats requests, not parts of them. */
const PASSING = ['InternalError', 'SlowDown', 'ServiceUnavailable', 'OperationAborted'];

/** Of a key whose object has another ETag than the one that was told. */
const UNMET = ['PreconditionFailed', 'ConditionalRequestConflict'];

/**
 * Removes objects; those that are not there are no error.
 *
 * @param versions by key; services that do not know conditions of deletions pass over them
 * @returns the keys of those that have another version
 */
export async function removeObjects(
  connection: S3Connection,
  keys: readonly string[],
  signal: AbortSignal,
  versions?: ReadonlyMap<string, string>,
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
  versions: ReadonlyMap<string, string> | undefined,
): Promise<readonly KeyError[]> {
  const identified = (Key: string) => {
    const version = versions?.get(Key);
    return { Key, ...(version !== undefined && { ETag: etagOf(version) }) };
  };
  const command = new sdk.DeleteObjectsCommand({
    Bucket: options.bucket,
    Delete: { Objects: keys.map(identified), Quiet: true },
  });
  const { Errors = [] } = await client.send(command, { abortSignal: signal });
  return Errors.filter(({ Code }) => Code !== 'NoSuchKey');
}

/** As if the whole request had failed so. */
class KeyFailure extends Error {
  readonly $metadata: { readonly httpStatusCode: number; readonly attempts: number };
  readonly isPassing: boolean;

  constructor({ Code = '', Key = '', Message = '' }: KeyError, count: number, attempts: number) {
    super(`${Message} ('${Key}', and ${count - 1} more)`);
    this.name = Code;
    this.$metadata = { httpStatusCode: Code === 'AccessDenied' ? 403 : 500, attempts };
    this.isPassing = PASSING.includes(Code);
  }
}
