import type { ListObjectsV2CommandOutput } from '@aws-sdk/client-s3';
import type { ListedObject } from '../objects/object-store.js';
import { versionOf } from '../services/etag.js';
import type { S3Connection } from './connection.js';

/** Every object whose key begins so, a thousand at a time. */
export async function* listObjects(
  { sdk, client, options }: S3Connection,
  prefix: string,
  signal: AbortSignal,
): AsyncGenerator<readonly ListedObject[]> {
  // Keys may have characters that XML has no way to write: they come in the coding of URLs.
  const input = { Bucket: options.bucket, Prefix: prefix, EncodingType: 'url' } as const;
  const pages = sdk.paginateListObjectsV2({ client }, input, { abortSignal: signal });
  for await (const page of pages) {
    yield listedOn(page);
  }
}

function listedOn({ Contents = [], EncodingType }: ListObjectsV2CommandOutput): ListedObject[] {
  return Contents.map(({ Key = '', Size = 0, ETag, LastModified }) => {
    const key = EncodingType === 'url' ? decodeURIComponent(Key.replaceAll('+', ' ')) : Key;
    return {
      ...{ key, size: Size },
      // Some services list without ETags.
      ...(ETag && toldBy(versionOf(ETag))),
      ...(LastModified && { modified: LastModified.getTime() }),
    };
  });
}

function toldBy(version: string): Pick<ListedObject, 'version' | 'md5'> {
  return { version, ...(isMd5(version) && { md5: version }) };
}

/** Of parts it is something else, with their number behind a hyphen. */
function isMd5(version: string): boolean {
  return /^[\da-f]{32}$/.test(version);
}
