import { versionOf } from '../services/etag.js';
import { describeNetworkFailure } from '../services/network.js';
import { repeated } from '../services/repeated.js';
import type { StoredObject } from '../services/service-store.js';
import type { S3Connection } from './connection.js';
import type { S3Error } from './errors.js';

/** An object's bytes. */
export function readObject(
  connection: S3Connection,
  key: string,
  signal: AbortSignal,
): Promise<StoredObject> {
  const attempts = connection.options.maxAttempts;
  // The SDK repeats a request until the headers of an answer are there, and not what breaks off behind them.
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

/** Requests that failed have been repeated by the SDK, and tell how often. */
function isCutOff(error: unknown): boolean {
  if (isDamaged(error)) return true;
  return (error as S3Error).$metadata?.attempts === undefined && describeNetworkFailure(error) !== undefined;
}

/** Some services mix two versions of an object that is replaced while it is read, which the checksum shows. */
function isDamaged(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith('Checksum mismatch');
}
