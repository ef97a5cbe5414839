import { setTimeout as pause } from 'node:timers/promises';
import type { CollectOptions, CollectResult } from './collectstatic.js';
import { StaticFilesError } from './errors.js';
import {
  confirmOverwrite,
  type Held,
  holdingTheDestination,
  openRecordOf,
  publishing,
} from './pipeline/destination.js';
import { find } from './pipeline/find.js';
import { type DoneBefore, planAndPublish } from './pipeline/plan-and-publish.js';
import { postProcess } from './pipeline/post-process.js';
import { resultOf } from './pipeline/result.js';
import { type Holds, type Run, saveRecord, startRun } from './pipeline/run.js';
import { createSession, type FileChange, type Session } from './pipeline/session.js';
import type { Settings } from './settings/settings.js';
import { type Changes, createChanges } from './watch/changes.js';
import { watchSources } from './watch/sources.js';

/** What is told of a run that followed a change. */
export interface WatchedRun {
  readonly report: CollectResult;
  /** What had changed, by logical path. */
  readonly changes: ReadonlyMap<string, FileChange>;
  /** From the first event to the last byte published. */
  readonly milliseconds: number;
}

export interface WatchOptions
  extends Omit<CollectOptions, 'dryRun' | 'clear' | 'readAll' | 'prune' | 'onPrunePlan'> {
  /** Looks at all files every 300 ms, where the system cannot tell of changes. */
  readonly poll?: boolean;
  /** Called after the first run, unless that fails. */
  onFirst?(report: CollectResult): void;
  /** Called once changes are waited for. */
  onReady?(): void;
  /** Called after each run that followed a change. */
  onRun?(run: WatchedRun): void;
  /** Called where a run failed; the destination is as it was, and the next change starts another run. */
  onError?(error: StaticFilesError): void;
}

/**
 * Collects, then again whenever a source changes, until the signal is aborted; never two runs at once. Only what depends
 * on a change is done again. Holds the destination all the while.
 *
 * @param settings from `loadSettings()`
 * @throws StaticFilesError `locked`, also later, where the destination was lost to another run; `cancelled`; `source` where
 *   the system cannot watch so many folders; anything else thrown is a defect
 * @example
 * const stop = new AbortController();
 * await watchstatic(settings, { signal: stop.signal, onRun: ({ changes }) => console.log([...changes.keys()]) });
 */
export async function watchstatic(settings: Settings, options: WatchOptions = {}): Promise<void> {
  const session = createSession(openRecordOf(settings, options));
  const first = startRun(settings, options, session);
  await confirmOverwrite(first);
  try {
    const watchHeld = ({ signal, holds }: Held<Run>) =>
      watch({ session, settings, options: { ...options, signal }, signal, holds, changes: createChanges() });
    await holdingTheDestination(first, watchHeld, { atFirstWrite: true });
  } catch (error) {
    if (!options.signal?.aborted) throw error;
  }
}

/** One call of {@link watchstatic}. */
interface Watching {
  readonly session: Session;
  readonly settings: Settings;
  readonly options: WatchOptions;
  readonly changes: Changes;
  /** The storages that are held all the while; others are taken for each run. */
  readonly holds: Holds;
  /** Aborted when the caller's is, and when the destination is no longer held. */
  readonly signal: AbortSignal;
}

/** Goes on until its signal is aborted, or changes are no longer told. */
async function watch(watching: Watching): Promise<never> {
  const { session, settings, options, changes, signal } = watching;
  const lost = new AbortController();
  const stop = AbortSignal.any([signal, lost.signal]);
  // Before the first run, so that nothing happens unseen after it.
  const stopWatching = await watchSources(settings, session, {
    poll: options.poll ?? false,
    changes,
    onLost: (error) => lost.abort(error),
  });
  try {
    await attempt(watching, async () => options.onFirst?.(await collectFirst(watching)));
    session.takeChanges();
    options.onReady?.();
    for (;;) await collectChanges(watching, stop);
  } catch (error) {
    throw stop.aborted ? whyStopped(stop) : error;
  } finally {
    await stopWatching();
    saveRecord({ ...session, settings, warn: (warning) => options.onWarning?.(warning) });
  }
}

/** A timer, for one, hides the reason of the signal that stopped it. */
function whyStopped({ reason }: AbortSignal): unknown {
  if (reason instanceof StaticFilesError) return reason;
  const message = 'The destination is no longer held: another run may publish to it. Start again.';
  return new StaticFilesError('locked', message, { cause: reason });
}

async function collectFirst(watching: Watching): Promise<CollectResult> {
  const run = startWatchedRun(watching);
  const report = await collect(run);
  saveRecord(run);
  return report;
}

function startWatchedRun({ settings, options, session, holds }: Watching): Run {
  return { ...startRun(settings, options, session), holds };
}

async function collect(run: Run): Promise<CollectResult> {
  const { files, conflicts } = await find(run);
  const outputs = await postProcess(run, files);
  const before: DoneBefore = new Map();
  const publish = (held: Run, again: boolean) => planAndPublish(held, outputs, { again, before });
  return resultOf(run, await publishing(run, publish, { atFirstWrite: true }), conflicts);
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

/** How long a failure is kept back: what half a save broke, the other half mends. */
const PATIENCE_MS = 50;

/** Tells of a failure and goes on, unless another run follows anyway. */
async function attempt({ options, changes, signal }: Watching, step: () => Promise<void>): Promise<void> {
  try {
    await step();
  } catch (error) {
    if (signal.aborted || !(error instanceof StaticFilesError)) throw error;
    await pause(PATIENCE_MS, undefined, { signal });
    if (!changes.pending()) options.onError?.(error);
  }
}
