import { inventoryOf } from './destination.js';
import { refuseForeignDeletions } from './foreign-deletions.js';
import type { Output } from './output.js';
import { makePlan } from './plan.js';
import type { Publication } from './publish.js';
import { noteFollowsManifest } from './releases/release-note.js';
import type { InventoryOptions, Storage } from './storages/storage.js';
import { provedByBytes, unchangedProof } from './unchanged.js';

/**
 * Plans outputs by what the storage says alone: no record is kept of them, and nothing else there is touched, since it
 * may not be this project's.
 */
export async function planAlone(
  storage: Storage,
  outputs: readonly Output[],
  signal: AbortSignal,
  look?: InventoryOptions,
): Promise<Publication> {
  const inventory = await inventoryOf(storage, signal, look);
  const proof = unchangedProof(inventory, provedByBytes(inventory));
  const unchanged = noteFollowsManifest(proof, outputs, inventory);
  const plan = await makePlan(outputs, inventory, { link: false, clear: false, unchanged, signal });
  refuseForeignDeletions({ plan, storage, inventory, isOwn: () => false, clear: false, spared: [] });
  return { storage, plan };
}
