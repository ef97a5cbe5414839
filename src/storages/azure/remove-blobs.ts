import { type AzureConnection, request } from './connection.js';

/** Removes blobs and their snapshots, one after the other; those that are not there are no error. */
export async function removeBlobs(
  connection: AzureConnection,
  keys: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  for (const key of keys) {
    const blob = connection.container.getBlobClient(key);
    await request(connection, signal, () =>
      blob.deleteIfExists({ abortSignal: signal, deleteSnapshots: 'include' }),
    );
  }
}
