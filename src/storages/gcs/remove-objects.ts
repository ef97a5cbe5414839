import { orAborted } from '../services/aborting.js';
import type { GcsConnection } from './connection.js';
import { isUnmet } from './errors.js';
import { generationMatch } from './object-metadata.js';

/**
 * Removes objects, one after the other; those that are not there are no error.
 *
 * @returns the keys of those that have another version
 */
export async function removeObjects(
  { bucket }: GcsConnection,
  keys: readonly string[],
  signal: AbortSignal,
  versions?: ReadonlyMap<string, string>,
): Promise<readonly string[]> {
  const spared: string[] = [];
  for (const key of keys) {
    signal.throwIfAborted();
    const version = versions?.get(key);
    const match = version === undefined ? {} : generationMatch({ version });
    try {
      await orAborted(signal, bucket.file(key).delete({ ignoreNotFound: true, ...match }));
    } catch (error) {
      if (!isUnmet(error)) throw error;
      spared.push(key);
    }
  }
  return spared;
}
