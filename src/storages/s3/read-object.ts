import { describeNetworkFailure } from '../services/network.js';
import { repeated } from '../services/repeated.js';
import type { S3Connection } from './connection.js';
import type { S3Error } from './errors.js';
import { versionOf } from './write-parameters.js';

interface StoredObject {
  readonly bytes: Uint8Array;
  readonly version: string;
}

/** An object's bytes; `undefined` where there is none. */
export async function readObject(
  connection: S3Connection,
  key: string,
  signal: AbortSignal,
): Promise<StoredObject | undefined> {
  const attempts = connection.options.maxAttempts;
  try {
    // The SDK repeats a request until the headers of an answer are there, and not what breaks off behind them.
    return await repeated({ attempts, signal, isPassing: isCutOff }, () => readOnce(connection, key, signal));
  } catch (error) {
    if (isAbsence(error)) return undefined;
    throw error;
  }
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

function isAbsence(error: unknown): boolean {
  const { name, $metadata } = error as S3Error;
  return name === 'NoSuchKey' || ($metadata?.httpStatusCode === 404 && name !== 'NoSuchBucket');
}

/** Requests that failed have been repeated by the SDK, and tell how often. */
function isCutOff(error: unknown): boolean {
  return (error as S3Error).$metadata?.attempts === undefined && describeNetworkFailure(error) !== undefined;
}
