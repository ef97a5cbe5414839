import { md5Of } from '../objects/body.js';
import type { ObjectBody, PutOptions } from '../objects/object-store.js';
import type { Sending } from '../services/service-store.js';
import { versionOf } from '../services/versions.js';
import { putInBlocks } from './blocks.js';
import { type AzureConnection, request } from './client.js';
import { requestConditions, storing, toBlobHeaders, toBlobMetadata } from './headers.js';

/** Stores a blob in one request, or in blocks if it is a large file. The service refuses bytes that arrive damaged. */
export async function putBlob(
  connection: AzureConnection,
  key: string,
  body: ObjectBody,
  options: PutOptions,
  sending: Sending,
): Promise<{ readonly version: string }> {
  const isLarge = body.size > connection.options.blockSize && !options.internal;
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
  // The service compares the bytes with the hash: https://learn.microsoft.com/rest/api/storageservices/put-blob
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

/** Changes the headers of a blob, then its key-value pairs. */
export async function putHeaders(
  connection: AzureConnection,
  key: string,
  options: PutOptions,
): Promise<{ readonly version: string }> {
  return { version: versionOf(await setAll(connection, key, options)) };
}

async function setAll(
  connection: AzureConnection,
  key: string,
  { headers, condition, signal }: PutOptions,
): Promise<string | undefined> {
  const blob = connection.container.getBlobClient(key);
  const metadata = toBlobMetadata(headers);
  const abortSignal = signal;
  const conditions = requestConditions(condition);
  const stored = await request(connection, signal, () => blob.getProperties({ abortSignal, conditions }));
  const ofStored = { abortSignal, conditions: { ifMatch: stored.etag! } };
  const blobHeaders = toBlobHeaders(headers, stored.contentMD5);
  const set = await request(connection, signal, () => blob.setHTTPHeaders(blobHeaders, ofStored));
  if (isSame(stored.metadata ?? {}, metadata)) return set.etag;
  const { encryptionScope } = connection.options;
  const ofSet = {
    abortSignal,
    conditions: { ifMatch: set.etag! },
    ...(encryptionScope !== undefined && { encryptionScope }),
  };
  return (await request(connection, signal, () => blob.setMetadata(metadata, ofSet))).etag;
}

function isSame(stored: Readonly<Record<string, string>>, wanted: Readonly<Record<string, string>>): boolean {
  const names = Object.keys(wanted);
  return names.length === Object.keys(stored).length && names.every((name) => stored[name] === wanted[name]);
}
