import type { ObjectBody, PutOptions } from '../objects/object-store.js';
import type { Sending } from '../services/service-store.js';
import { etagOf, versionOf } from '../services/versions.js';
import { writeCondition, writeParameters } from './client.js';
import { isMissingCall, isUnmet, type S3Error } from './errors.js';
import { putInParts } from './multipart.js';
import type { S3Connection } from './objects.js';

/**
 * Stores an object: in one request, or in parts where it is large.
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
  const { partSize } = connection.options;
  try {
    const etag = options.renew
      ? await putRenewed(connection, key, body, options)
      : body.size > partSize
        ? await connection.large(() => putInParts(connection, key, body, options))
        : await connection.send(key, body, options);
    return { version: versionOf(etag) };
  } catch (error) {
    sending.attempts = (error as S3Error).$metadata?.attempts ?? 1;
    throw error;
  }
}

/** Milliseconds after which giving a part up is given up. */
const GIVING_UP = 10_000;

/** Of an object that was sent in parts, the ETag ends in their number. */
const IN_ONE_PART = /-1$/;

/**
 * Stores an object so that its ETag is not that of the same bytes before: whole, or in one part; what is large, in parts of
 * another size. https://docs.aws.amazon.com/AmazonS3/latest/API/API_Object.html
 *
 * @returns its ETag
 */
async function putRenewed(
  connection: S3Connection,
  key: string,
  body: ObjectBody,
  options: PutOptions,
): Promise<string | undefined> {
  const { partSize } = connection.options;
  if (body.size > partSize) {
    const other = { ...connection.options, partSize: partSize + 1024 * 1024 };
    return connection.large(() => putInParts({ ...connection, options: other }, key, body, options));
  }
  return IN_ONE_PART.test(options.renew?.unlike ?? '')
    ? connection.send(key, body, options)
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
    const ending = { abortSignal: AbortSignal.timeout(GIVING_UP) };
    await client.send(new sdk.AbortMultipartUploadCommand(upload), ending).catch(() => {}); // why it failed matters more
    throw error;
  }
}

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
