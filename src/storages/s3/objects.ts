import type { ListObjectsV2CommandOutput, S3Client } from '@aws-sdk/client-s3';
import type { LimitFunction } from 'p-limit';
import type { ListedObject } from '../objects/object-store.js';
import { describeNetworkFailure } from '../services/errors.js';
import { repeated } from '../services/retry.js';
import type { StoredObject } from '../services/service-store.js';
import { versionOf } from '../services/versions.js';
import type { S3Sdk } from './client.js';
import type { S3Error } from './errors.js';
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
