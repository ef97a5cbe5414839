import { ConditionFailed, type PutOptions } from '../objects/object-store.js';
import { orAborted } from '../services/aborting.js';
import type { GcsConnection } from './connection.js';
import { isAbsence, isConditionFailure } from './errors.js';
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
  try {
    const [{ metadata: old = {}, generation: stored }] = await orAborted(signal, file.getMetadata());
    if (condition && 'version' in condition && versionOf(stored) !== condition.version) throw changed(key);
    // Pairs that are not told would stay.
    const away = Object.fromEntries(Object.keys(old).map((name) => [name, null]));
    const metadata = { ...toMetadata(headers), metadata: { ...away, ...headers.metadata } };
    const [{ generation }] = await orAborted(signal, file.setMetadata(metadata, match));
    return { version: versionOf(generation) };
  } catch (error) {
    if (!isConditionFailure(error) && !isAbsence(error)) throw error;
    throw changed(key, error);
  }
}

function changed(key: string, cause?: unknown): ConditionFailed {
  return new ConditionFailed(`'${key}' is not as it was.`, { cause });
}
