import type { BlobItem, ContainerListBlobFlatSegmentResponse } from '@azure/storage-blob';
import type { ListedObject } from '../objects/object-store.js';
import { toListed } from './blob-headers.js';
import { type AzureConnection, request } from './connection.js';

/** Every blob whose key begins so, five thousand at a time, with its headers. */
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

/** Page by page on its own, so that one that fails is asked for again. */
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

/** Accounts with folders of their own list these too: https://learn.microsoft.com/azure/storage/blobs/data-lake-storage-namespace */
function isFolder({ metadata }: BlobItem): boolean {
  return metadata?.hdi_isfolder === 'true';
}
