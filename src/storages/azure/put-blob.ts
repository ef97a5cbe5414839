import type { ObjectBody, PutOptions } from '../objects/object-store.js';
import { versionOf } from '../services/etag.js';
import { md5Of } from '../services/md5.js';
import type { Sending } from '../services/service-store.js';
import { requestConditions, toBlobHeaders, toBlobMetadata } from './blob-headers.js';
import { type AzureConnection, request } from './connection.js';
import { putInBlocks } from './put-in-blocks.js';
import { storing } from './storing.js';

/** Stores a blob: in one request, or in blocks where it is large. The service refuses bytes that arrive damaged. */
export async function putBlob(
  connection: AzureConnection,
  key: string,
  body: ObjectBody,
  options: PutOptions,
  sending: Sending,
): Promise<{ readonly version: string }> {
  const isLarge = body.size > connection.options.blockSize;
  return isLarge
    ? connection.large(() => putInBlocks(connection, key, body, options, sending))
    : putWhole(connection, key, body, options, sending);
}

async function putWhole(
  connection: AzureConnection,
  key: string,
  body: ObjectBody,
  { headers, condition, signal }: PutOptions,
  sending: Sending,
): Promise<{ readonly version: string }> {
  const blob = connection.container.getBlockBlobClient(key);
  const bytes = body.bytes();
  // The service holds the bytes against the hash: https://learn.microsoft.com/rest/api/storageservices/put-blob
  const blobHTTPHeaders = toBlobHeaders(headers, md5Of(bytes));
  const { etag } = await request(connection, signal, (attempt) => {
    sending.attempts = attempt;
    return blob.upload(bytes, bytes.byteLength, {
      abortSignal: signal,
      blobHTTPHeaders,
      metadata: toBlobMetadata(headers),
      conditions: requestConditions(condition),
      ...storing(connection.options),
    });
  });
  return { version: versionOf(etag) };
}
