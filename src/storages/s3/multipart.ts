import { Readable } from 'node:stream';
import type { S3Client } from '@aws-sdk/client-s3';
import { untilAborted } from '../../concurrency/abort.js';
import { loadPeer } from '../../plugins/peer-dependency.js';
import type { ObjectBody, PutOptions } from '../objects/object-store.js';
import { type S3Sdk, writeCondition, writeParameters } from './client.js';
import type { S3Connection } from './objects.js';

/** How many parts of an object are sent at a time. */
export const PARTS_AT_ONCE = 4;

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html */
const MOST_PARTS = 10_000;

/** The longest time that ending a failed upload may take. Milliseconds. */
const ABORTING_MS = 10_000;

/**
 * Stores an object in parts. If one fails, none is left behind.
 *
 * @returns its ETag
 */
export async function putInParts(
  connection: S3Connection,
  key: string,
  body: ObjectBody,
  { headers, condition, internal, signal }: PutOptions,
): Promise<string | undefined> {
  const { Upload } = await loadPeer('s3', '@aws-sdk/lib-storage', () => import('@aws-sdk/lib-storage'));
  const { options } = connection;
  const failed = new AbortController();
  const stop = AbortSignal.any([signal, failed.signal]);
  const upload = new Upload({
    client: interruptible(connection, stop, failed),
    params: {
      Bucket: options.bucket,
      Key: key,
      Body: Readable.from(untilAborted(stop, body.chunks()), { objectMode: false }),
      ContentLength: body.size,
      ...writeParameters(headers, options, internal),
      ...writeCondition(condition),
    },
    partSize: Math.max(options.partSize, Math.ceil(body.size / MOST_PARTS)),
    queueSize: PARTS_AT_ONCE,
  });
  return (await upload.done()).ETag;
}

/**
 * Returns a client whose requests end with the signal. Otherwise, `Upload` would finish the parts under way and, after a
 * failed part, send all others. Not interrupted are the first request, without which the upload's id would be unknown, and
 * the one that ends a failed upload.
 */
function interruptible(
  { sdk, client }: S3Connection,
  signal: AbortSignal,
  failed: AbortController,
): S3Client {
  const send = async (command: Command) => {
    if (command instanceof sdk.AbortMultipartUploadCommand) return abort(client, command);
    const isFirst = command instanceof sdk.CreateMultipartUploadCommand;
    try {
      return await client.send(command, isFirst ? {} : { abortSignal: signal });
    } catch (error) {
      failed.abort(error);
      throw error;
    }
  };
  return Object.assign(Object.create(client) as S3Client, { send });
}

type Command = Parameters<S3Client['send']>[0];

type AbortCommand = InstanceType<S3Sdk['AbortMultipartUploadCommand']>;

/** A failure here is ignored: why the upload failed matters more, and a lifecycle rule of the bucket can remove parts. */
export async function abort(client: S3Client, command: AbortCommand): Promise<object> {
  return client.send(command, { abortSignal: AbortSignal.timeout(ABORTING_MS) }).catch(() => ({}));
}
