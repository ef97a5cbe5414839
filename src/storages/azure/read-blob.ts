import { untilAborted } from '../services/aborting.js';
import { versionOf } from '../services/etag.js';
import type { StoredObject } from '../services/service-store.js';
import { type AzureConnection, request } from './connection.js';

/** A blob's bytes. */
export function readBlob(
  connection: AzureConnection,
  key: string,
  signal: AbortSignal,
): Promise<StoredObject> {
  return request(connection, signal, () => readOnce(connection, key, signal));
}

async function readOnce({ container, options }: AzureConnection, key: string, signal: AbortSignal) {
  const { etag, readableStreamBody } = await container
    .getBlobClient(key)
    .download(0, undefined, { abortSignal: signal, maxRetryRequests: options.maxTries });
  const pieces: Buffer[] = [];
  for await (const piece of untilAborted(signal, readableStreamBody!)) pieces.push(piece as Buffer);
  return { bytes: Buffer.concat(pieces), version: versionOf(etag) };
}
