import type { PutOptions } from '../objects/object-store.js';
import { versionOf } from '../services/etag.js';
import { requestConditions, toBlobHeaders, toBlobMetadata } from './blob-headers.js';
import { type AzureConnection, request } from './connection.js';

/** Gives a blob other headers, then other key-value pairs. */
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
