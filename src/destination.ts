import { StaticFilesError } from './errors.js';
import { interruptible } from './interruptible.js';
import { runPlugin } from './plugin-errors.js';
import type { Run } from './run.js';
import type { Inventory, InventoryOptions, Storage } from './storages/storage.js';
import { whereabouts } from './whereabouts.js';

/**
 * Asks before a destination that holds something is overwritten. A remote one counts as holding something.
 *
 * @throws StaticFilesError `cancelled` where the answer is no
 */
export async function confirmOverwrite({ settings, options, signal }: Run): Promise<void> {
  if (options.dryRun || options.confirm === undefined) return;
  const { storage } = settings;
  const { clear = false } = options;
  const files = storage.location === undefined ? undefined : await filesIn(storage, clear, signal);
  if (files === 0) return;
  const amount = clear && files !== undefined && { files };
  const confirmed = await options.confirm({ clear, ...amount, ...whereabouts(storage) });
  if (!confirmed) throw new StaticFilesError('cancelled', 'Collecting static files cancelled.');
}

/**
 * How many files a storage has, or at least whether it has any; `undefined` if that is unknown. What the storage keeps
 * there for itself does not count.
 */
async function filesIn(
  storage: Storage,
  countAll: boolean | 'all',
  signal: AbortSignal,
): Promise<number | undefined> {
  try {
    let files = 0;
    for (const [, { kind }] of (await inventoryOf(storage, signal)).entries()) {
      if (kind !== 'directory') files += 1;
      if (files > 0 && !countAll) break;
    }
    return files;
  } catch (error) {
    if (signal.aborted) throw error;
    return undefined; // what cannot be listed may hold something
  }
}

/** What takes a destination. */
type Holder = Pick<Run, 'settings' | 'options' | 'signal' | 'session'>;

/** Runs a step while no other run may write to the destination. A dry run writes nothing and takes no lock. */
export function holdingTheDestination<R extends Holder, T>(run: R, step: (run: R) => Promise<T>): Promise<T> {
  const { storage, manifest } = run.settings;
  return holding(storage, run, (held) =>
    manifest.storage ? holding(manifest.storage, held, step) : step(held),
  );
}

/** The same for runs of one stage: an abort at any time, also while the destination is waited for, is `interrupted`. */
export function holdingInterruptibly<R extends Holder, T>(run: R, step: (run: R) => Promise<T>): Promise<T> {
  return interruptible(run.signal, () =>
    holdingTheDestination(run, (held) => interruptible(held.signal, () => step(held))),
  );
}

async function holding<R extends Holder, T>(
  storage: Storage,
  run: R,
  step: (run: R) => Promise<T>,
): Promise<T> {
  if (run.options.dryRun || storage.lock === undefined) return step(run);
  const lock = await runPlugin(
    `storage '${storage.name}'`,
    async () => storage.lock?.(run.signal, { watching: run.session !== undefined }),
    run.signal,
  );
  try {
    return await step(lock ? { ...run, signal: AbortSignal.any([run.signal, lock.lost]) } : run);
  } finally {
    await lock?.release();
  }
}

/** Which run last published there; `undefined` if the storage does not keep it. */
export function lastRunOf(storage: Storage, signal: AbortSignal): Promise<string | undefined> {
  return runPlugin(`storage '${storage.name}'`, async () => storage.lastRun?.(), signal);
}

/** What a storage holds now. */
export function inventoryOf(
  storage: Storage,
  signal: AbortSignal,
  options?: InventoryOptions,
): Promise<Inventory> {
  return runPlugin(`storage '${storage.name}'`, () => storage.inventory(signal, options), signal);
}
