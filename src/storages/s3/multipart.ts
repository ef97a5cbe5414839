import { Readable } from 'node:stream';
import type { S3Client } from '@aws-sdk/client-s3';
import { untilAborted } from '../../concurrency/abort.js';
import { loadPeer } from '../../plugins/peer-dependency.js';
import type { ObjectBody, PutOptions } from '../objects/object-store.js';
import { writeCondition, writeParameters } from './client.js';
import type { S3Connection } from './objects.js';

/** How many parts of an object are on their way at a time. */
export const PARTS_AT_ONCE = 4;

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html */
const MOST_PARTS = 10_000;

/** Milliseconds after which giving parts up is given up. */
const GIVING_UP = 10_000;

/**
 * Stores an object in parts, of which nothing is left behind where one fails.
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
 * The client, whose requests end with the signal, but for the first and the one that gives parts up: an upload that was
 * begun must be known to be ended. Else `Upload` would send what is under way, and after a part that failed all others too.
 */
function interruptible(
  { sdk, client }: S3Connection,
  signal: AbortSignal,
  failed: AbortController,
): S3Client {
  const send = async (command: Command) => {
    if (command instanceof sdk.AbortMultipartUploadCommand) return giveUp(client, command);
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

/** Where that fails too, what is told is why the object was not stored; a rule of the bucket's can sweep such parts. */
async function giveUp(client: S3Client, command: Command): Promise<object> {
  return client.send(command, { abortSignal: AbortSignal.timeout(GIVING_UP) }).catch(() => ({}));
}
