import type { ObjectBody, PutOptions } from '../objects/object-store.js';
import type { Sending } from '../services/service-store.js';
import { etagOf, versionOf } from '../services/versions.js';
import { writeCondition, writeParameters } from './client.js';
import { isMissingCall, isUnmet, type S3Error } from './errors.js';
import { abort, putInParts } from './multipart.js';
import type { S3Connection } from './objects.js';

/**
 * Stores an object in one request, or in parts if it is a large file. An index is in memory anyway, and parts would take
 * three requests more.
 *
 * @returns its version
 */
export async function putObject(
  connection: S3Connection,
  key: string,
  body: ObjectBody,
  options: PutOptions,
  sending: Sending,
): Promise<{ readonly version: string }> {
  const isLarge = body.size > connection.options.partSize && !options.internal;
  try {
    const etag = options.renew
      ? await putRenewed(connection, key, body, options, sending)
      : isLarge
        ? await connection.large(() => putInParts(connection, key, body, options))
        : await connection.send(key, body, options, sending);
    return { version: versionOf(etag) };
  } catch (error) {
    sending.attempts += (error as S3Error).$metadata?.attempts ?? 1;
    throw error;
  }
}

/** The ETag of an object that was sent in parts ends in their number. */
const IN_ONE_PART = /-1$/;

/**
 * Stores an object in a way that gives the same bytes another ETag: a small object whole or in one part, a large one in
 * parts of another size. https://docs.aws.amazon.com/AmazonS3/latest/API/API_Object.html
 *
 * @returns its ETag
 */
async function putRenewed(
  connection: S3Connection,
  key: string,
  body: ObjectBody,
  options: PutOptions,
  sending: Sending,
): Promise<string | undefined> {
  const { partSize } = connection.options;
  if (body.size > partSize) {
    const other = { ...connection.options, partSize: partSize + 1024 * 1024 };
    return connection.large(() => putInParts({ ...connection, options: other }, key, body, options));
  }
  return IN_ONE_PART.test(options.renew?.unlike ?? '')
    ? connection.send(key, body, options, sending)
    : putInOnePart(connection, key, body, options);
}

async function putInOnePart(
  { sdk, client, options }: S3Connection,
  key: string,
  body: ObjectBody,
  { headers, condition, internal, signal }: PutOptions,
): Promise<string | undefined> {
  const abortSignal = signal;
  const where = { Bucket: options.bucket, Key: key };
  const checksum =
    options.requestChecksumCalculation !== 'WHEN_REQUIRED' && ({ ChecksumAlgorithm: 'CRC32' } as const);
  const begun = await client.send(
    new sdk.CreateMultipartUploadCommand({
      ...where,
      ...checksum,
      ...writeParameters(headers, options, internal),
    }),
  );
  const upload = { ...where, UploadId: begun.UploadId };
  try {
    const part = { PartNumber: 1, Body: body.bytes() };
    const sent = await client.send(new sdk.UploadPartCommand({ ...upload, ...checksum, ...part }), {
      abortSignal,
    });
    const parts = [
      { PartNumber: 1, ETag: sent.ETag, ...(sent.ChecksumCRC32 && { ChecksumCRC32: sent.ChecksumCRC32 }) },
    ];
    const whole = { ...upload, MultipartUpload: { Parts: parts }, ...writeCondition(condition) };
    return (await client.send(new sdk.CompleteMultipartUploadCommand(whole), { abortSignal })).ETag;
  } catch (error) {
    await abort(client, new sdk.AbortMultipartUploadCommand(upload));
    throw error;
  }
}

/** Bytes: https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html */
export const LARGEST_COPY = 5 * 1024 ** 3;

/**
 * Changes the headers of an object up to {@link LARGEST_COPY}, by copying it onto itself within the service.
 *
 * @returns its version, which is the same for the same bytes; `undefined` if the service does not support copying
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

/**
 * Whether an object still has its version. Services that cannot copy it, or no names with certain characters, answer as if
 * it were gone.
 */
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
