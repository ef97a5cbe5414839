import { setTimeout as pause } from 'node:timers/promises';
import type { CollectOptions, CollectResult } from './collectstatic.js';
import { StaticFilesError } from './errors.js';
import { confirmOverwrite, openRecordOf } from './pipeline/destination.js';
import { find } from './pipeline/find.js';
import {
  type Attempt,
  type Locked,
  type Locks,
  lockDestination,
  lockToPublish,
} from './pipeline/lock-destination.js';
import { planAndPublish } from './pipeline/plan-and-publish.js';
import { postProcess } from './pipeline/post-process.js';
import { resultOf } from './pipeline/result.js';
import { type Run, saveRecord, startRun } from './pipeline/run.js';
import { createSession, type FileChange, type Session } from './pipeline/session.js';
import type { Settings } from './settings/settings.js';
import { type Changes, createChanges } from './watch/changes.js';
import { watchSources } from './watch/sources.js';

/** A run that followed a change. */
export interface WatchedRun {
  readonly report: CollectResult;
  /** What has changed, by logical path. */
  readonly changes: ReadonlyMap<string, FileChange>;
  /** From the first event to the last byte that was published. */
  readonly milliseconds: number;
}

/** Options of {@link watchstatic}. */
export interface WatchOptions
  extends Omit<CollectOptions, 'dryRun' | 'clear' | 'readAll' | 'prune' | 'onPrunePlan'> {
  /** Compare all files every 300 ms, for file systems that report no changes (network drives, containers). */
  readonly poll?: boolean;
  /** Called after the first run, unless it fails. */
  onFirst?(report: CollectResult): void;
  /** Called once it waits for changes. */
  onReady?(): void;
  /** Called after each run that followed a change. */
  onRun?(run: WatchedRun): void;
  /** Called if a run fails. The destination is as it was, and the next change starts another run. */
  onError?(error: StaticFilesError): void;
}

/** A running {@link watchstatic}. */
export interface Watcher {
  /**
   * Resolves after `close()` or when the signal is aborted. Rejects if watching cannot start or go on, with a
   * `StaticFilesError`: `locked`, also later if another run takes the destination; `cancelled`; `source` if the system
   * cannot watch so many folders. Any other error is a bug. Handle it: Node.js ends the process otherwise.
   */
  readonly closed: Promise<void>;
  /** Stops watching and frees the destination. Resolves when both are done; rejects as `closed` does. */
  close(): Promise<void>;
}

/**
 * Collects, then collects again whenever a source changes, until it is closed. Runs never overlap, and a run does again
 * only what depends on the changes. The destination stays locked in the meantime.
 *
 * @param settings from `loadSettings()`
 * @param options those of `collectstatic()`, and callbacks for what happens; `signal` closes the watcher too
 * @example
 * ```ts
 * import { loadSettings, watchstatic } from 'staticfiles';
 *
 * const watcher = watchstatic(await loadSettings(), {
 *   onRun: ({ changes }) => console.log([...changes.keys()]),
 *   onError: (error) => console.error(error.message),
 * });
 * process.once('SIGINT', () => watcher.close());
 * await watcher.closed;
 * ```
 */
export function watchstatic(settings: Settings, options: WatchOptions = {}): Watcher {
  const closing = new AbortController();
  const signal = options.signal ? AbortSignal.any([options.signal, closing.signal]) : closing.signal;
  const closed = watchUntil(signal, settings, options);
  return {
    closed,
    close() {
      closing.abort();
      return closed;
    },
  };
}

async function watchUntil(signal: AbortSignal, settings: Settings, options: WatchOptions): Promise<void> {
  const session = createSession(openRecordOf(settings, options));
  const first = startRun(settings, { ...options, signal }, session);
  try {
    await confirmOverwrite(first);
    const watchLocked = ({ signal, locks }: Locked<Run>) =>
      watch({ session, settings, options: { ...options, signal }, signal, locks, changes: createChanges() });
    await lockDestination(first, watchLocked, { atFirstWrite: true });
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

/** One call of {@link watchstatic}. */
interface Watching {
  readonly session: Session;
  readonly settings: Settings;
  readonly options: WatchOptions;
  readonly changes: Changes;
  /** The storages that stay locked. Others are locked for each run. */
  readonly locks: Locks;
  /** Aborted with the watcher, and if another run takes the destination. */
  readonly signal: AbortSignal;
}

/** Goes on until the signal is aborted, or changes are no longer reported. */
async function watch(watching: Watching): Promise<never> {
  const { session, settings, options, changes, signal } = watching;
  const lost = new AbortController();
  const stop = AbortSignal.any([signal, lost.signal]);
  // Before the first run, so that no change after it is missed.
  const stopWatching = await watchSources(settings, session, {
    poll: options.poll ?? false,
    changes,
    onLost: (error) => lost.abort(error),
  });
  try {
    await attempt(watching, async () => {
      const report = await collectFirst(watching);
      options.onFirst?.(report);
    });
    session.takeChanges();
    options.onReady?.();
    for (;;) await collectChanges(watching, stop);
  } catch (error) {
    throw stop.aborted ? whyStopped(stop) : error;
  } finally {
    stopWatching();
    saveRecord({ ...session, settings, warn: (warning) => options.onWarning?.(warning) });
  }
}

/** A timer, for example, hides the reason of the signal that stopped it. */
function whyStopped({ reason }: AbortSignal): unknown {
  if (reason instanceof StaticFilesError) return reason;
  const message = 'The destination is no longer locked, so another run may publish to it. Start again.';
  return new StaticFilesError('locked', message, { cause: reason });
}

async function collectFirst(watching: Watching): Promise<CollectResult> {
  const run = startWatchedRun(watching);
  const report = await collect(run);
  saveRecord(run);
  return report;
}

function startWatchedRun({ settings, options, session, locks }: Watching): Locked<Run> {
  return { ...startRun(settings, options, session), locks };
}

async function collect(run: Locked<Run>): Promise<CollectResult> {
  const found = await find(run);
  const outputs = await postProcess(run, found.files);
  const publish = (locked: Locked<Run>, attempt: Attempt) => planAndPublish(locked, outputs, attempt);
  return resultOf(run, await lockToPublish(run, publish, { atFirstWrite: true }), found);
}

async function collectChanges(watching: Watching, stop: AbortSignal): Promise<void> {
  const { session, options, changes } = watching;
  const since = await changes.next(stop);
  await attempt(watching, async () => {
    const report = await collect(startWatchedRun(watching));
    const changed = session.takeChanges();
    if (changed.size > 0)
      options.onRun?.({ report, changes: changed, milliseconds: performance.now() - since });
  });
}

/** Wait before reporting an error: a half-written save often fixes itself. */
const PATIENCE_MS = 50;

/** Reports a failure and goes on, unless another run follows anyway. */
async function attempt({ options, changes, signal }: Watching, step: () => Promise<void>): Promise<void> {
  try {
    await step();
  } catch (error) {
    if (signal.aborted || !(error instanceof StaticFilesError)) throw error;
    await pause(PATIENCE_MS, undefined, { signal });
    if (!changes.pending()) options.onError?.(error);
  }
}
