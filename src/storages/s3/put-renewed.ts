import type { ObjectBody, PutOptions } from '../objects/object-store.js';
import type { S3Connection } from './connection.js';
import { putInParts } from './put-in-parts.js';
import { writeCondition, writeParameters } from './write-parameters.js';

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
export async function putRenewed(
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
