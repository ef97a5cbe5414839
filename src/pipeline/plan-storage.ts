import type { Output } from '../model/output.js';
import type { Inventory, InventoryOptions, Storage } from '../storages/storage.js';
import { limitClearing, ownership, refuseForeignDeletions, sparedWarning } from './clearing.js';
import { callStorage, inventoryOf, lastRunOf } from './destination.js';
import { keep, makePlan } from './make-plan.js';
import type { Plan, PlanEntry, Publication } from './plan.js';
import { provedToStay, withoutDeletions } from './quiet-time.js';
import { type Run, warnOnce } from './run.js';
import type { Session } from './session.js';
import { droppedVariants, staleVariants } from './stale-variants.js';
import { unchangedProof } from './unchanged.js';

/**
 * Plans the outputs of a run for the storage of the files: compares them with what is there, by the record too, and
 * deletes what the options say.
 *
 * @throws StaticFilesError `target` if it would delete more than it may
 */
export async function planFiles(
  run: Run,
  outputs: readonly Output[],
  look: InventoryOptions,
): Promise<Publication> {
  const { settings, options, signal, record, session } = run;
  const { storage } = settings;
  if (!look.refresh && (await hasPublished(storage, outputs, signal)))
    return { storage, plan: outputs.map(keep) };
  const inventory = await inventoryOf(storage, signal, look);
  const isOwn = await ownership(inventory, settings, signal);
  record.believe(await lastRunOf(storage, signal));
  if (session) forgetIfEmptied(session, outputs, inventory);
  const { link = false, clear = false } = options;
  const spared: string[] = [];
  const plan = await makePlan(outputs, inventory, {
    link,
    clear,
    ...(isOwn && { isOwn }),
    onSpared: (publicPath) => spared.push(publicPath),
    unchanged: await provedToStay(run, inventory.quiet, unchangedProof(inventory, outputs, record)),
    ...(session && { knownToStay: session.knownToStay }),
    signal,
  });
  refuseForeignDeletions({ plan, storage, inventory, isOwn, clear, spared });
  limitClearing(plan, { ...options, storage, warn: (warning) => warnOnce(run, warning) });
  if (spared.length > 0) warnOnce(run, sparedWarning(storage, spared));
  const stale = await staleVariants(plan, inventory, {
    isAsLeft: (entry, index) =>
      session?.isKnownEntry(entry, index) || inventory.fromIndex || record.isKept(entry.publicPath),
    signal,
  });
  // `clear` deletes them already.
  const dropped = clear ? [] : droppedVariants(outputs, inventory, record, session?.goneSince(outputs));
  const whole = withStaleFirst([...stale, ...dropped], plan);
  return { storage, plan: inventory.quiet ? withoutDeletions(run, inventory.quiet, whole) : whole };
}

/**
 * Plans outputs by what the storage says alone, without a record. Deletes nothing but variants of what it writes, since
 * other files there may belong to another project.
 */
export async function planWithoutRecord(
  storage: Storage,
  outputs: readonly Output[],
  signal: AbortSignal,
  look?: InventoryOptions,
): Promise<Publication> {
  const inventory = await inventoryOf(storage, signal, look);
  const unchanged = unchangedProof(inventory, outputs);
  const plan = await makePlan(outputs, inventory, { link: false, clear: false, unchanged, signal });
  refuseForeignDeletions({ plan, storage, inventory, isOwn: () => false, clear: false, spared: [] });
  if (inventory.quiet) return { storage, plan }; // nothing must be deleted now
  const stale = await staleVariants(plan, inventory, { isAsLeft: () => true, signal });
  return { storage, plan: [...stale, ...plan] };
}

async function hasPublished(
  storage: Storage,
  outputs: readonly Output[],
  signal: AbortSignal,
): Promise<boolean> {
  return callStorage(storage, signal, async () => (await storage.hasPublished?.(outputs, signal)) ?? false);
}

/** The whole destination may be deleted while a session goes on. */
function forgetIfEmptied(session: Session, outputs: readonly Output[], inventory: Inventory): void {
  const published = outputs.find((output, index) => session.knownToStay(output, index) !== undefined);
  if (published !== undefined && inventory.get(published.publicPath) === undefined) session.forgetPublished();
}

/** A plan with stale variants at its start, each once: `clear` may have planned to delete them last. */
function withStaleFirst(stale: readonly PlanEntry[], plan: Plan): Plan {
  if (stale.length === 0) return plan;
  const first = new Map(stale.map((entry) => [entry.publicPath, entry]));
  return [...first.values(), ...plan.filter(({ publicPath }) => !first.has(publicPath))];
}
