import { inLanes } from '../../lanes.js';
import type { WriteOptions } from '../storage.js';
import type { Writing } from './write-objects.js';

/** Removes objects, as many at once as the service takes. */
export async function removeObjects(
  publicPaths: readonly string[],
  { place: { store, prefix }, account, lanes }: Omit<Writing, 'rules'>,
  { done, signal }: WriteOptions,
): Promise<void> {
  const size = store.removesAtOnce ?? 1;
  const batches: string[][] = [];
  for (let at = 0; at < publicPaths.length; at += size) batches.push(publicPaths.slice(at, at + size));
  await inLanes(batches, lanes, signal, async (batch) => {
    const keys = batch.map((publicPath) => prefix + publicPath);
    await store.remove(keys, signal);
    for (const publicPath of batch) {
      account.note(publicPath, undefined);
      done({ publicPath });
    }
  });
}
