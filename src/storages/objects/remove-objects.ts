import { inLanes } from '../../lanes.js';
import type { RemoveOptions } from '../storage.js';
import type { Head } from './head-object.js';
import type { Publishing } from './publisher.js';

/**
 * Removes objects, as many at once as the service takes. One that is not the one that was seen is left alone: somebody has
 * sent it since.
 */
export async function removeObjects(
  publicPaths: readonly string[],
  { place, hold, objects, note, signal }: Publishing,
  lanes: number,
  { done, going = [] }: RemoveOptions,
): Promise<void> {
  const { store, prefix } = place;
  // Whoever finds this run dead must know that more may go.
  if (!isDeletingAll(hold.head, going)) await hold.write({ state: 'deleting', going, lost: null }, signal);
  await inLanes(batchesOf(publicPaths, store.removesAtOnce ?? 1), lanes, signal, async (batch) => {
    await hold.prove(signal);
    const keys = batch.map((publicPath) => prefix + publicPath);
    const versions = batch.flatMap((publicPath) => {
      const version = objects.get(publicPath)?.version;
      return version === undefined ? [] : [[prefix + publicPath, version] as const];
    });
    const spared = await store.remove(keys, signal, hold.conditional ? new Map(versions) : undefined);
    for (const publicPath of batch) {
      note(publicPath, undefined);
      if (!spared?.includes(prefix + publicPath)) done({ publicPath });
    }
  });
}

function isDeletingAll({ state, going }: Head, ids: readonly string[]): boolean {
  return state === 'deleting' && ids.every((id) => going?.includes(id));
}

function batchesOf<T>(items: readonly T[], size: number): T[][] {
  const batches: T[][] = [];
  for (let at = 0; at < items.length; at += size) batches.push(items.slice(at, at + size));
  return batches;
}
