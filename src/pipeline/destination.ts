import { createHash } from 'node:crypto';
import path from 'node:path';
import { RECORDS } from '../cache/cache-folder.js';
import { openRecord, type PublishRecord } from '../cache/record.js';
import { interruptible } from '../concurrency/abort.js';
import { StaticFilesError } from '../errors.js';
import type { Warning } from '../model/static-file.js';
import { runPlugin } from '../plugins/plugin.js';
import type { Settings } from '../settings/settings.js';
import { describeDestination } from '../storages/destination.js';
import type { Inventory, InventoryOptions, Storage, StorageLock } from '../storages/storage.js';
import type { RunOptions } from './options.js';
import type { Holds, Run } from './run.js';
import type { Session } from './session.js';

/** The record of what the settings publish to. */
export function openRecordOf(settings: Settings, { checksum }: RunOptions): PublishRecord {
  return openRecord(recordFile(settings), !checksum);
}

function recordFile(settings: Settings): string {
  return path.join(settings.cacheDir, RECORDS, `${destinationKey(settings)}.bin`);
}

export function destinationKey({ storage }: Settings): string {
  return createHash('sha256')
    .update(`${storage.name}\0${storage.folder ?? storage.displayUrl}`)
    .digest('hex')
    .slice(0, 16);
}

/**
 * Asks before a destination that holds something is overwritten. A remote one counts as holding something.
 *
 * @throws StaticFilesError `cancelled` where the answer is no
 */
export async function confirmOverwrite({ settings, options, signal }: Run): Promise<void> {
  if (options.dryRun || options.confirm === undefined) return;
  const { storage } = settings;
  const { clear = false } = options;
  const files = storage.folder === undefined ? undefined : await filesIn(storage, clear, signal);
  if (files === 0) return;
  const amount = clear && files !== undefined && { files };
  const confirmed = await options.confirm({ clear, ...amount, ...describeDestination(storage) });
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
interface Holder {
  readonly settings: Pick<Settings, 'storage' | 'manifest'>;
  readonly options: { readonly dryRun?: boolean | undefined };
  readonly signal: AbortSignal;
  /** What runs that follow one another keep, if it is one of them. */
  readonly session?: Session;
  /** The storages that are held for it already. */
  readonly holds?: Holds;
  /** Called with what the user should know, such as that another run is waited for. */
  warn?(warning: Warning): void;
}

/** A run while it holds its destination. */
export type Held<R> = R & { readonly holds: Holds };

interface HoldingOptions {
  /** Whether the step looks, plans, and then writes: a storage may take the destination as late as that. */
  readonly atFirstWrite?: boolean;
}

/** Runs a step while no other run may write to the destination. A dry run writes nothing and takes no lock. */
export function holdingTheDestination<R extends Holder, T>(
  run: R,
  step: (run: Held<R>) => Promise<T>,
  options: HoldingOptions = {},
): Promise<T> {
  const { storage, manifest } = run.settings;
  return holding(storage, { holds: new Map(), ...run }, options, (held) =>
    manifest.storage ? holding(manifest.storage, held, options, step) : step(held),
  );
}

/** How often a run begins again. Each time another run was faster, or took over since this one was frozen. */
const ATTEMPTS = 5;

/**
 * Runs a step that plans and publishes, while it holds the destination. If another run is faster, it is done again, with
 * the destination held from the start.
 *
 * @param step is told whether it is done again: then it must ask the destination itself what is there
 */
export async function publishing<R extends Holder, T>(
  run: R,
  step: (run: Held<R>, again: boolean) => Promise<T>,
  options: HoldingOptions,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    const again = attempt > 1;
    try {
      return await holdingTheDestination(run, (held) => step(held, again), again ? {} : options);
    } catch (error) {
      if (attempt === ATTEMPTS || !isOvertaken(error)) throw error;
    }
  }
}

function isOvertaken(error: unknown): boolean {
  return error instanceof StaticFilesError && error.code === 'overtaken';
}

/** The same for runs of one stage: an abort at any time, also while the destination is waited for, is `interrupted`. */
export function holdingInterruptibly<R extends Holder, T>(
  run: R,
  step: (run: Held<R>) => Promise<T>,
): Promise<T> {
  return interruptible(run.signal, () =>
    holdingTheDestination(run, (held) => interruptible(held.signal, () => step(held))),
  );
}

async function holding<R extends Held<Holder>, T>(
  storage: Storage,
  run: R,
  options: HoldingOptions,
  step: (run: R) => Promise<T>,
): Promise<T> {
  if (run.options.dryRun || run.holds.has(storage)) return step(run);
  const lock = await runPlugin(
    `storage '${storage.name}'`,
    async () =>
      storage.lock?.(run.signal, {
        ...options,
        watching: run.session !== undefined,
        warn: (warning) => run.warn?.(warning),
      }),
    run.signal,
  );
  if (lock === undefined) return step(run);
  let result: T;
  try {
    result = await step(heldBy(run, storage, lock));
  } catch (error) {
    await lock.release().catch(() => {}); // why the step failed matters more
    throw error;
  }
  await runPlugin(`storage '${storage.name}'`, () => lock.release(), run.signal);
  return result;
}

function heldBy<R extends Held<Holder>>(run: R, storage: Storage, lock: StorageLock): R {
  const { lost, isPending = false, exclusive = true } = lock;
  return {
    ...run,
    signal: AbortSignal.any([run.signal, lost]),
    ...(!isPending && { holds: new Map([...run.holds, [storage, exclusive]]) }),
  };
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
