import { orAborted } from '../services/aborting.js';
import type { GcsConnection } from './connection.js';

/** Removes objects, one after the other; those that are not there are no error. */
export async function removeObjects(
  { bucket }: GcsConnection,
  keys: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  for (const key of keys) {
    signal.throwIfAborted();
    await orAborted(signal, bucket.file(key).delete({ ignoreNotFound: true }));
  }
}
