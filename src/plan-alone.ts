import { inventoryOf } from './destination.js';
import { refuseForeignDeletions } from './foreign-deletions.js';
import type { Output } from './output.js';
import { makePlan } from './plan.js';
import type { Publication } from './publish.js';
import { noteFollowsManifest } from './releases/release-note.js';
import { staleVariants } from './stale-variants.js';
import type { InventoryOptions, Storage } from './storages/storage.js';
import { provedByBytes, unchangedProof } from './unchanged.js';

/**
 * Plans outputs by what the storage says alone: no record is kept of them, and nothing else there is touched, since it
 * may not be this project's. Only variants beside what is written are, if they are not of the new bytes.
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
  const looking = { isAsLeft: () => true, signal };
  const stale = inventory.quiet ? [] : await staleVariants(plan, inventory, looking); // nothing is deleted then
  return { storage, plan: [...stale, ...plan] };
}
