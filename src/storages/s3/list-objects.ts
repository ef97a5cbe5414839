import type { _Object as ObjectInListing } from '@aws-sdk/client-s3';
import { inLanes } from '../../lanes.js';
import type { ListedObject } from '../objects/object-store.js';
import { versionOf } from '../services/etag.js';
import type { S3Connection } from './connection.js';

/** Every object whose key begins so, a thousand at a time. */
export async function* listObjects(
  connection: S3Connection,
  prefix: string,
  signal: AbortSignal,
): AsyncGenerator<readonly ListedObject[]> {
  const { sdk, client, options } = connection;
  // Keys may have characters that XML has no way to write: they come in the coding of URLs.
  const input = { Bucket: options.bucket, Prefix: prefix, EncodingType: 'url' } as const;
  const pages = sdk.paginateListObjectsV2({ client }, input, { abortSignal: signal });
  for await (const { Contents = [], EncodingType } of pages) {
    const decoded = Contents.map(({ Key = '', ...object }) => ({
      ...object,
      Key: EncodingType === 'url' ? decodeURIComponent(Key.replaceAll('+', ' ')) : Key,
    }));
    yield (await withETags(connection, decoded, signal)).map(listed);
  }
}

type Named = ObjectInListing & { readonly Key: string };

/** Some services leave ETags out of listings, and have them elsewhere. */
async function withETags(
  { sdk, client, options }: S3Connection,
  objects: readonly Named[],
  signal: AbortSignal,
): Promise<readonly Named[]> {
  const complete = objects.map((object) => ({ ...object }));
  const lacking = complete.filter(({ ETag }) => !ETag);
  await inLanes(lacking, options.concurrency, signal, async (object) => {
    const command = new sdk.HeadObjectCommand({ Bucket: options.bucket, Key: object.Key });
    const { ETag } = await client.send(command, { abortSignal: signal });
    Object.assign(object, { ETag });
  });
  return complete;
}

function listed({ Key, Size = 0, ETag }: Named): ListedObject {
  const version = versionOf(ETag);
  return { key: Key, size: Size, version, ...(isMd5(version) && { md5: version }) };
}

/** Of parts it is something else, with their number behind a hyphen. */
function isMd5(version: string): boolean {
  return /^[\da-f]{32}$/.test(version);
}
