import { interruptible } from '../concurrency/abort.js';
import { StaticFilesError } from '../errors.js';
import type { Warning } from '../model/static-file.js';
import type { Settings } from '../settings/settings.js';
import type { LockOptions, Storage, StorageLock } from '../storages/storage.js';
import { callStorage } from './destination.js';
import type { PlanEntry } from './plan.js';
import type { Session } from './session.js';

/**
 * The storages that a run has locked. `true` if the lock keeps every other run out, `false` if another one may still
 * write.
 */
export type Locks = ReadonlyMap<Storage, boolean>;

/** A run that has locked its destination. */
export type Locked<R> = R & { readonly locks: Locks };

/** What can lock its destination: a run of collectstatic, or of another command. */
interface Lockable {
  readonly settings: Pick<Settings, 'storage' | 'manifest'>;
  readonly options: { readonly dryRun?: boolean | undefined };
  readonly signal: AbortSignal;
  /** What consecutive runs share, if it is one of them. */
  readonly session?: Session;
  /** The storages that are locked for it already. */
  readonly locks?: Locks;
  /** Called with a warning, such as that the run waits for another one. */
  warn?(warning: Warning): void;
}

type WhenToLock = Pick<LockOptions, 'atFirstWrite' | 'responsive'>;

/**
 * Runs a step while no other run may write to the destination. A dry run writes nothing, so it takes no lock.
 *
 * @param options `atFirstWrite` if the step looks at the destination and plans before it writes; `responsive` if it runs no
 *   code of the project
 */
export function lockDestination<R extends Lockable, T>(
  run: R,
  step: (run: Locked<R>) => Promise<T>,
  options: WhenToLock = {},
): Promise<T> {
  const { storage, manifest } = run.settings;
  return lockStorage(storage, { locks: new Map(), ...run }, options, (locked) =>
    manifest.storage ? lockStorage(manifest.storage, locked, options, step) : step(locked),
  );
}

/** Locks the destination for a step that can be interrupted at any time, also while it waits for the lock. */
export function lockInterruptibly<R extends Lockable, T>(
  run: R,
  step: (run: Locked<R>) => Promise<T>,
): Promise<T> {
  return interruptible(run.signal, () =>
    lockDestination(run, (locked) => interruptible(locked.signal, () => step(locked))),
  );
}

/** One of the attempts of a run to publish. */
export interface Attempt {
  /** Whether it is not the first: then only the destination itself says what is there. */
  readonly again: boolean;
  /** The steps that are done. Earlier attempts have added to it, and this one does. */
  readonly done: PlanEntry[];
}

/** How often a run tries to publish. Each attempt but the last ends because another run was faster. */
const ATTEMPTS = 5;

/**
 * Runs a step that plans and publishes. If another run publishes in between, the step runs again, with the destination
 * locked from the start.
 *
 * @throws StaticFilesError `overtaken` if another run was faster each time
 */
export async function lockToPublish<R extends Lockable, T>(
  run: R,
  step: (run: Locked<R>, attempt: Attempt) => Promise<T>,
  options: WhenToLock,
): Promise<T> {
  const done: PlanEntry[] = [];
  for (let attempt = 1; ; attempt++) {
    const again = attempt > 1;
    try {
      return await lockDestination(run, (locked) => step(locked, { again, done }), again ? {} : options);
    } catch (error) {
      if (attempt === ATTEMPTS || !isOvertaken(error)) throw error;
    }
  }
}

function isOvertaken(error: unknown): boolean {
  return error instanceof StaticFilesError && error.code === 'overtaken';
}

async function lockStorage<R extends Locked<Lockable>, T>(
  storage: Storage,
  run: R,
  options: WhenToLock,
  step: (run: R) => Promise<T>,
): Promise<T> {
  if (run.options.dryRun || run.locks.has(storage)) return step(run);
  const lock = await callStorage(storage, run.signal, () =>
    storage.lock?.(run.signal, {
      ...options,
      watching: run.session !== undefined,
      warn: (warning) => run.warn?.(warning),
    }),
  );
  if (lock === undefined) return step(run);
  let result: T;
  try {
    result = await step(withLock(run, storage, lock));
  } catch (error) {
    await lock.release().catch(() => {}); // why the step failed matters more
    throw error;
  }
  await callStorage(storage, run.signal, () => lock.release());
  return result;
}

function withLock<R extends Locked<Lockable>>(run: R, storage: Storage, lock: StorageLock): R {
  const { lost, isPending = false, exclusive = true } = lock;
  return {
    ...run,
    signal: AbortSignal.any([run.signal, lost]),
    ...(!isPending && { locks: new Map([...run.locks, [storage, exclusive]]) }),
  };
}
