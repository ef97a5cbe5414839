import { ConditionFailed, type PutOptions } from '../objects/object-store.js';
import { orAborted } from '../services/aborting.js';
import type { GcsConnection } from './connection.js';
import { generationMatch, toMetadata, versionOf } from './object-metadata.js';

/**
 * Gives an object other headers. Its version stays.
 *
 * @throws ConditionFailed
 */
export async function putHeaders(
  { bucket }: GcsConnection,
  key: string,
  { headers, condition, signal }: PutOptions,
): Promise<{ readonly version: string }> {
  const file = bucket.file(key);
  const match = generationMatch(condition);
  const [{ metadata: old = {}, generation: stored }] = await orAborted(signal, file.getMetadata());
  if (condition && 'version' in condition && versionOf(stored) !== condition.version)
    throw new ConditionFailed(`'${key}' is not as it was.`);
  // Pairs that are not told would stay.
  const away = Object.fromEntries(Object.keys(old).map((name) => [name, null]));
  const metadata = { ...toMetadata(headers), metadata: { ...away, ...headers.metadata } };
  const [{ generation }] = await orAborted(signal, file.setMetadata(metadata, match));
  return { version: versionOf(generation) };
}
