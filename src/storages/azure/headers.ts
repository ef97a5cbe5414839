import type { BlobHTTPHeaders, BlobItem, BlobRequestConditions } from '@azure/storage-blob';
import { invalidOption } from '../../plugins/options.js';
import type { Condition, ListedObject, ObjectHeaders } from '../objects/object-store.js';
import { etagOf, versionOf } from '../services/versions.js';
import { AZURE_OPTIONS, type AzureOptions } from './options.js';

/**
 * Converts headers to those of the SDK.
 *
 * @param md5 of the bytes. The service forgets it if new headers come without it
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
 * Returns the key-value pairs. Their names must be C# identifiers:
 * https://learn.microsoft.com/rest/api/storageservices/naming-and-referencing-containers--blobs--and-metadata#metadata-names
 *
 * @throws StaticFilesError `settings` for any other name
 */
export function toBlobMetadata({ metadata }: ObjectHeaders): Record<string, string> {
  const wrong = Object.keys(metadata).find((name) => !/^[a-z_][a-z0-9_]*$/i.test(name));
  if (wrong === undefined) return { ...metadata };
  throw invalidOption(
    AZURE_OPTIONS.plugin,
    'headers',
    `Azure does not allow the metadata name '${wrong}'.`,
    "It must consist of letters, digits and '_', and not begin with a digit.",
  );
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

/** Converts a condition to those of the SDK. */
export function requestConditions(condition: Condition | undefined): BlobRequestConditions {
  if (condition === undefined) return {};
  return 'absent' in condition ? { ifNoneMatch: '*' } : { ifMatch: etagOf(condition.version) };
}

/** Returns the options that say how a blob is stored. */
export function storing({ accessTier, encryptionScope }: AzureOptions): {
  tier?: string;
  encryptionScope?: string;
} {
  return {
    ...(accessTier !== undefined && { tier: accessTier }),
    ...(encryptionScope !== undefined && { encryptionScope }),
  };
}
