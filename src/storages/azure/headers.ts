import type { BlobHTTPHeaders, BlobItem, BlobRequestConditions } from '@azure/storage-blob';
import { StaticFilesError } from '../../errors.js';
import type { Condition, ListedObject, ObjectHeaders } from '../objects/object-store.js';
import { etagOf, versionOf } from '../services/versions.js';
import type { AzureOptions } from './options.js';

/**
 * The headers as the service takes them.
 *
 * @param md5 of the bytes: the service forgets it where it is not told with other headers
 */
export function toBlobHeaders(headers: ObjectHeaders, md5: Uint8Array | undefined): BlobHTTPHeaders {
  const { contentType, cacheControl, contentEncoding, contentDisposition, contentLanguage } = headers;
  return {
    blobContentType: contentType,
    blobCacheControl: cacheControl,
    ...(contentEncoding !== undefined && { blobContentEncoding: contentEncoding }),
    ...(contentDisposition !== undefined && { blobContentDisposition: contentDisposition }),
    ...(contentLanguage !== undefined && { blobContentLanguage: contentLanguage }),
    ...(md5 !== undefined && { blobContentMD5: md5 }),
  };
}

/**
 * The key-value pairs as the service takes them: their names must be identifiers of C#.
 * https://learn.microsoft.com/rest/api/storageservices/naming-and-referencing-containers--blobs--and-metadata#metadata-names
 *
 * @throws StaticFilesError `settings` where a name is none
 */
export function toBlobMetadata({ metadata }: ObjectHeaders): Record<string, string> {
  const wrong = Object.keys(metadata).find((name) => !/^[a-z_][a-z0-9_]*$/i.test(name));
  if (wrong === undefined) return { ...metadata };
  const message = `Azure does not take '${wrong}' as the name of metadata: it must be of letters, digits and '_', and begin with none of the digits. Change it in the option headers.`;
  throw new StaticFilesError('settings', message);
}

export function toListed({ name, properties, metadata = {} }: BlobItem): ListedObject {
  const { contentLength = 0, contentMD5, etag, lastModified } = properties;
  const { contentType = '', cacheControl = '' } = properties;
  const { contentEncoding, contentDisposition, contentLanguage } = properties;
  const pairs = Object.entries(metadata).map(([key, value]) => [key.toLowerCase(), value]);
  return {
    key: name,
    size: contentLength,
    version: versionOf(etag),
    ...(contentMD5 !== undefined && { md5: Buffer.from(contentMD5).toString('hex') }),
    headers: {
      contentType,
      cacheControl,
      ...(contentEncoding && { contentEncoding }),
      ...(contentDisposition && { contentDisposition }),
      ...(contentLanguage && { contentLanguage }),
      metadata: Object.fromEntries(pairs),
    },
    ...(lastModified && { modified: lastModified.getTime() }),
  };
}

/** A condition as the service takes it. */
export function requestConditions(condition: Condition | undefined): BlobRequestConditions {
  if (condition === undefined) return {};
  return 'absent' in condition ? { ifNoneMatch: '*' } : { ifMatch: etagOf(condition.version) };
}

/** How a blob is stored, of the options. */
export function storing({ accessTier, encryptionScope }: AzureOptions): {
  tier?: string;
  encryptionScope?: string;
} {
  return {
    ...(accessTier !== undefined && { tier: accessTier }),
    ...(encryptionScope !== undefined && { encryptionScope }),
  };
}
