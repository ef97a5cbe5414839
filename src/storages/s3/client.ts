import type { PutObjectCommandInput, S3Client, S3ClientConfig } from '@aws-sdk/client-s3';
import { httpAgents } from '../../plugins/http-agents.js';
import type { Condition, ObjectHeaders } from '../objects/object-store.js';
import { etagOf } from '../services/versions.js';
import type { CompleteS3Options, S3Options } from './options.js';

/** The module of the SDK, loaded when it is needed. */
export type S3Sdk = typeof import('@aws-sdk/client-s3');

/** Milliseconds. */
const CONNECTING = 10_000;

/** Milliseconds in which nothing comes or goes. A large object is put together, or copied, in silence. */
const SILENCE = 120_000;

/** The client of the options, or one that is made of them. */
export async function s3Client(sdk: S3Sdk, options: CompleteS3Options): Promise<S3Client> {
  if (options.client !== undefined) return options.client as unknown as S3Client;
  const client = new sdk.S3Client(await clientConfig(options));
  // It looks through each answer for a log that nobody keeps.
  client.middlewareStack.remove('loggerMiddleware');
  return client;
}

async function clientConfig(options: CompleteS3Options): Promise<S3ClientConfig> {
  const { region, endpoint, forcePathStyle, credentials, profile } = options;
  const { requestChecksumCalculation, responseChecksumValidation } = options;
  return {
    ...(region !== undefined && { region }),
    ...(endpoint !== undefined && { endpoint }),
    ...(forcePathStyle !== undefined && { forcePathStyle }),
    ...(credentials !== undefined && { credentials }),
    ...(profile !== undefined && { profile }),
    ...(requestChecksumCalculation !== undefined && { requestChecksumCalculation }),
    ...(responseChecksumValidation !== undefined && { responseChecksumValidation }),
    retryMode: 'standard',
    maxAttempts: options.maxAttempts,
    // It would take a round trip for each object above 2 MiB, and, with the SDK's own agents, a connection.
    expectContinueHeader: false,
    requestHandler: await requestHandler(options),
  };
}

/** Connections that stay open, one for each request at a time, and parts and requests of the run's end besides. */
async function requestHandler({
  concurrency,
}: CompleteS3Options): Promise<NonNullable<S3ClientConfig['requestHandler']>> {
  const agents = await httpAgents({ keepAlive: true, maxSockets: concurrency + 8 });
  return { connectionTimeout: CONNECTING, socketTimeout: SILENCE, ...agents };
}

type WriteParameters = Pick<
  PutObjectCommandInput,
  | 'ContentType'
  | 'CacheControl'
  | 'ContentEncoding'
  | 'ContentDisposition'
  | 'ContentLanguage'
  | 'Metadata'
  | 'ACL'
  | 'StorageClass'
  | 'ServerSideEncryption'
  | 'SSEKMSKeyId'
>;

/**
 * What is told of an object with its bytes, or in place of them: the service keeps nothing of what an earlier version
 * was told, neither headers nor ACL, storage class and encryption.
 *
 * @param internal whether visitors are not served it: the ACL is for what they are served
 */
export function writeParameters(
  headers: ObjectHeaders,
  { acl, ...options }: S3Options,
  internal = false,
): WriteParameters {
  const { contentType, cacheControl, contentEncoding, contentDisposition, contentLanguage, metadata } =
    headers;
  return {
    ContentType: contentType,
    CacheControl: cacheControl,
    ...(contentEncoding !== undefined && { ContentEncoding: contentEncoding }),
    ...(contentDisposition !== undefined && { ContentDisposition: contentDisposition }),
    ...(contentLanguage !== undefined && { ContentLanguage: contentLanguage }),
    Metadata: { ...metadata },
    ...storing(internal || acl === undefined ? options : { ...options, acl }),
  };
}

// The SDK's types have the values that AWS knows; other services know others.
function storing({ acl, storageClass, serverSideEncryption, sseKmsKeyId }: S3Options): WriteParameters {
  return {
    ...(acl !== undefined && { ACL: acl as NonNullable<WriteParameters['ACL']> }),
    ...(storageClass !== undefined && {
      StorageClass: storageClass as NonNullable<WriteParameters['StorageClass']>,
    }),
    ...(serverSideEncryption !== undefined && {
      ServerSideEncryption: serverSideEncryption as NonNullable<WriteParameters['ServerSideEncryption']>,
    }),
    ...(sseKmsKeyId !== undefined && { SSEKMSKeyId: sseKmsKeyId }),
  };
}

/** A condition as the service takes it: https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html */
export function writeCondition(condition: Condition | undefined): { IfMatch?: string; IfNoneMatch?: string } {
  if (condition === undefined) return {};
  return 'absent' in condition ? { IfNoneMatch: '*' } : { IfMatch: etagOf(condition.version) };
}
