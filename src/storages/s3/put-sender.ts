import type { PutObjectCommandInput, S3Client } from '@aws-sdk/client-s3';
import type { ObjectBody, PutOptions } from '../objects/object-store.js';
import type { S3Sdk } from './client.js';
import { createLeanPut, type LeanPut } from './lean-put.js';
import type { CompleteS3Options } from './options.js';
import { writeCondition, writeParameters } from './write-parameters.js';

/** Sends a small object; gives its ETag. */
export type PutSender = (key: string, body: ObjectBody, options: PutOptions) => Promise<string | undefined>;

/**
 * Sends small objects by way of the SDK; where the client was made here, the short way first.
 *
 * @throws what the SDK throws
 */
export function createPutSender(sdk: S3Sdk, client: S3Client, options: CompleteS3Options): PutSender {
  const { bucket } = options;
  const inputFor = (
    headers: PutOptions['headers'],
    internal = false,
  ): Omit<PutObjectCommandInput, 'Key'> => ({
    Bucket: bucket,
    ...writeParameters(headers, options, internal),
  });
  const hasShortWay = options.client === undefined && PLAIN_BUCKET.test(bucket);
  let lean: Promise<LeanPut> | undefined;

  return async (key, body, { headers, condition, internal, signal }) => {
    const bytes = body.bytes();
    if (hasShortWay && condition === undefined && !internal) {
      lean ??= createLeanPut(sdk, client, inputFor);
      const sent = await (await lean)(key, bytes, headers, signal);
      if (sent !== undefined) return sent.etag;
      signal.throwIfAborted();
    }
    const input = { ...inputFor(headers, internal), Key: key, Body: bytes, ...writeCondition(condition) };
    return (await client.send(new sdk.PutObjectCommand(input), { abortSignal: signal })).ETag;
  };
}

/** No ARN, nor a directory bucket (`…--x-s3`): requests to those are signed in other ways. */
const PLAIN_BUCKET = /^[a-z0-9](?!.*--)[a-z0-9.-]+$/;
