import type { PutOptions } from '../objects/object-store.js';
import { etagOf, versionOf } from '../services/etag.js';
import type { S3Connection } from './connection.js';
import { isMissingCall, isUnmet } from './errors.js';
import { writeParameters } from './write-parameters.js';

/** Bytes: https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html */
export const LARGEST_COPY = 5 * 1024 ** 3;

/**
 * Gives an object other headers, by a copy onto itself within the service; up to {@link LARGEST_COPY}.
 *
 * @returns its version, which is the same for the same bytes; `undefined` if the service does not copy
 */
export async function putHeaders(
  connection: S3Connection,
  key: string,
  options: PutOptions,
): Promise<{ readonly version: string } | undefined> {
  const { lacks } = connection;
  if (lacks.copies) return undefined;
  try {
    return await copyOntoItself(connection, key, options);
  } catch (error) {
    const missing = isMissingCall(error) || (isUnmet(error) && (await isAsItWas(connection, key, options)));
    if (!missing) throw error;
    lacks.copies = true;
    return undefined;
  }
}

async function copyOntoItself(
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
  const { CopyObjectResult } = await client.send(command, { abortSignal: signal });
  return { version: versionOf(CopyObjectResult?.ETag) };
}

/** Services that do not copy, or not names with certain characters, answer as if the object were gone. */
async function isAsItWas(
  { sdk, client, options }: S3Connection,
  key: string,
  { condition, signal }: PutOptions,
): Promise<boolean> {
  if (condition === undefined || !('version' in condition)) return false;
  try {
    const command = new sdk.HeadObjectCommand({ Bucket: options.bucket, Key: key });
    const { ETag } = await client.send(command, { abortSignal: signal });
    return versionOf(ETag) === condition.version;
  } catch {
    return false;
  }
}
