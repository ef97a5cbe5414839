import type { PutObjectCommandInput } from '@aws-sdk/client-s3';
import type { Condition, ObjectHeaders } from '../objects/object-store.js';
import { etagOf } from '../services/etag.js';
import type { S3Options } from './options.js';

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
