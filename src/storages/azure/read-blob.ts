import { untilAborted } from '../services/aborting.js';
import { versionOf } from './blob-headers.js';
import { type AzureConnection, request } from './connection.js';
import { isAbsence } from './errors.js';

interface StoredObject {
  readonly bytes: Uint8Array;
  readonly version: string;
}

/** A blob's bytes; `undefined` where there is none. */
export async function readBlob(
  connection: AzureConnection,
  key: string,
  signal: AbortSignal,
): Promise<StoredObject | undefined> {
  try {
    return await request(connection, signal, () => readOnce(connection, key, signal));
  } catch (error) {
    if (isAbsence(error)) return undefined;
    throw error;
  }
}

async function readOnce({ container, options }: AzureConnection, key: string, signal: AbortSignal) {
  const { etag, readableStreamBody } = await container
    .getBlobClient(key)
    .download(0, undefined, { abortSignal: signal, maxRetryRequests: options.maxTries });
  const pieces: Buffer[] = [];
  for await (const piece of untilAborted(signal, readableStreamBody!)) pieces.push(piece as Buffer);
  return { bytes: Buffer.concat(pieces), version: versionOf(etag) };
}
