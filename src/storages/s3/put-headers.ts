import { ConditionFailed, type PutOptions } from '../objects/object-store.js';
import type { S3Connection } from './connection.js';
import { isConditionFailure } from './put-object.js';
import { etagOf, versionOf, writeParameters } from './write-parameters.js';

/** Bytes: https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html */
export const LARGEST_COPY = 5 * 1024 ** 3;

/**
 * Gives an object other headers, by a copy onto itself within the service; up to {@link LARGEST_COPY}.
 *
 * @returns its version, which is the same for the same bytes
 * @throws ConditionFailed
 */
export async function putHeaders(
  { sdk, client, options }: S3Connection,
  key: string,
  { headers, condition, signal }: PutOptions,
): Promise<{ readonly version: string }> {
  const command = new sdk.CopyObjectCommand({
    Bucket: options.bucket,
    Key: key,
    CopySource: [options.bucket, ...key.split('/')].map(encodeURIComponent).join('/'),
    ...(condition && 'version' in condition && { CopySourceIfMatch: etagOf(condition.version) }),
    MetadataDirective: 'REPLACE',
    ...writeParameters(headers, options),
  });
  try {
    const { CopyObjectResult } = await client.send(command, { abortSignal: signal });
    return { version: versionOf(CopyObjectResult?.ETag) };
  } catch (error) {
    if (!isConditionFailure(error)) throw error;
    throw new ConditionFailed(`'${key}' is not as it was.`, { cause: error });
  }
}
