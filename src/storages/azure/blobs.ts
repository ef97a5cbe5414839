import type { BlobItem, ContainerListBlobFlatSegmentResponse } from '@azure/storage-blob';
import { untilAborted } from '../../concurrency/abort.js';
import type { ListedObject } from '../objects/object-store.js';
import type { StoredObject } from '../services/service-store.js';
import { versionOf } from '../services/versions.js';
import { type AzureConnection, request } from './client.js';
import { isUnmet } from './errors.js';
import { requestConditions, toListed } from './headers.js';

/** Lists every blob whose key begins with the prefix, five thousand at a time, with its headers. */
export async function* listBlobs(
  connection: AzureConnection,
  prefix: string,
  signal: AbortSignal,
): AsyncGenerator<readonly ListedObject[]> {
  let continuationToken: string | undefined;
  do {
    const page = await request(connection, signal, () =>
      pageAt(connection, prefix, continuationToken, signal),
    );
    yield page.segment.blobItems.filter((item) => !isFolder(item)).map(toListed);
    continuationToken = page.continuationToken;
  } while (continuationToken);
}

/** Requests one page, so that a page that fails can be requested again. */
async function pageAt(
  { container }: AzureConnection,
  prefix: string,
  continuationToken: string | undefined,
  signal: AbortSignal,
): Promise<ContainerListBlobFlatSegmentResponse> {
  const blobs = container.listBlobsFlat({ prefix, includeMetadata: true, abortSignal: signal });
  const pages = blobs.byPage(continuationToken ? { continuationToken } : {});
  const { value } = await pages.next();
  return value as ContainerListBlobFlatSegmentResponse;
}

/** Accounts with a hierarchical namespace list folders too: https://learn.microsoft.com/azure/storage/blobs/data-lake-storage-namespace */
function isFolder({ metadata }: BlobItem): boolean {
  return metadata?.hdi_isfolder === 'true';
}

/** Reads a blob. */
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

/**
 * Removes blobs and their snapshots, one after the other. Missing ones are no error.
 *
 * @returns the keys that were left alone because their blobs have another version
 */
export async function removeBlobs(
  connection: AzureConnection,
  keys: readonly string[],
  signal: AbortSignal,
  versions?: ReadonlyMap<string, string>,
): Promise<readonly string[]> {
  const spared: string[] = [];
  for (const key of keys) {
    const blob = connection.container.getBlobClient(key);
    const version = versions?.get(key);
    const conditions = requestConditions(version === undefined ? undefined : { version });
    try {
      await request(connection, signal, () =>
        blob.deleteIfExists({ abortSignal: signal, deleteSnapshots: 'include', conditions }),
      );
    } catch (error) {
      if (!isUnmet(error)) throw error;
      spared.push(key);
    }
  }
  return spared;
}
