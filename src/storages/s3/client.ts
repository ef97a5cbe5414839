import type { PutObjectCommandInput, S3Client, S3ClientConfig } from '@aws-sdk/client-s3';
import { type HttpAgents, httpAgents } from '../../plugins/http-agents.js';
import type { Condition, ObjectHeaders } from '../objects/object-store.js';
import { SILENCE } from '../services/retry.js';
import { etagOf } from '../services/versions.js';
import type { CompleteS3Options, S3Options } from './options.js';

/** The module of the SDK, loaded when it is needed. */
export type S3Sdk = typeof import('@aws-sdk/client-s3');

/** How long connecting may take. Milliseconds. */
export const CONNECTING = 10_000;

/** A client of the SDK, and its connections if it was made here. */
export interface S3Connecting {
  readonly client: S3Client;
  readonly agents?: HttpAgents;
}

/** Returns the client of the options, or makes one. */
export async function s3Client(sdk: S3Sdk, options: CompleteS3Options): Promise<S3Connecting> {
  if (options.client !== undefined) return { client: options.client as unknown as S3Client };
  // Keeps connections open: one for each request at a time, and a few for parts and for the end of a run.
  const agents = await httpAgents({ keepAlive: true, maxSockets: options.concurrency + 8 });
  const client = new sdk.S3Client(clientConfig(options, agents));
  // It prepares a log of each answer, which nobody reads.
  client.middlewareStack.remove('loggerMiddleware');
  return { client, agents };
}

function clientConfig(options: CompleteS3Options, agents: HttpAgents): S3ClientConfig {
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
    // It costs a round trip for each object above 2 MiB and, with the SDK's own agents, a connection.
    expectContinueHeader: false,
    requestHandler: { connectionTimeout: CONNECTING, socketTimeout: SILENCE, ...agents },
  };
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
 * Returns the parameters that every write needs. The service keeps none of an earlier version's: neither headers nor ACL,
 * storage class and encryption.
 *
 * @param internal whether the object is not for visitors. It then gets no ACL
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

/** Converts a condition to the service's parameters: https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html */
export function writeCondition(condition: Condition | undefined): { IfMatch?: string; IfNoneMatch?: string } {
  if (condition === undefined) return {};
  return 'absent' in condition ? { IfNoneMatch: '*' } : { IfMatch: etagOf(condition.version) };
}
