import { requestConditions } from './blob-headers.js';
import { type AzureConnection, request } from './connection.js';
import { isUnmet } from './errors.js';

/**
 * Removes blobs and their snapshots, one after the other; those that are not there are no error.
 *
 * @returns the keys of those that have another version
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
