import { INDEX_NAME } from '../destination.js';
import type { Contents } from './contents.js';
import type { Hold } from './hold.js';
import { indexBytes } from './index-file.js';
import { asSeen, type ObjectDestination, putInternal } from './object-destination.js';
import { ConditionFailed } from './object-store.js';

/**
 * Writes what is at a destination to its index.
 *
 * @returns the version of the index
 */
export async function saveIndex(
  destination: ObjectDestination,
  hold: Hold,
  { indexVersion, hasOthers, objects }: Contents,
  signal: AbortSignal,
): Promise<string> {
  const { store, prefix, name } = destination;
  const bytes = indexBytes({ place: name, others: hasOthers, objects });
  const write = (version: string | undefined) =>
    putInternal(destination, INDEX_NAME, bytes, {
      condition: hold.conditional ? asSeen(version) : undefined,
      signal,
    });
  await hold.prove(signal);
  try {
    return await write(indexVersion);
  } catch (error) {
    if (!(error instanceof ConditionFailed)) throw error;
    // A run that was given up has written one after all. It does not count as long as this run holds the destination.
    await hold.write({}, signal);
    return write((await store.read(prefix + INDEX_NAME, signal))?.version);
  }
}

/** Removes the index of a run that keeps none: it would be out of date. */
export async function removeIndex(
  { store, prefix }: ObjectDestination,
  { indexVersion }: Contents,
  signal: AbortSignal,
): Promise<void> {
  if (indexVersion !== undefined) await store.remove([prefix + INDEX_NAME], signal);
}
