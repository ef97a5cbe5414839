import type { PublishRecord } from '../cache/record.js';
import { interruptible } from '../concurrency/abort.js';
import { StaticFilesError } from '../errors.js';
import type { Warning } from '../model/static-file.js';
import { openRecordOf } from '../pipeline/destination.js';
import { type Locked, lockInterruptibly } from '../pipeline/lock-destination.js';
import { saveRecord, warnOfUnreadableRecord } from '../pipeline/run.js';
import { type ManifestStorage, manifestStorage } from '../pipeline/stored-manifest.js';
import { readReleases } from '../releases/read.js';
import type { Settings } from '../settings/settings.js';
import { type Destination, describeDestination } from '../storages/destination.js';
import { applyPrune } from './apply.js';
import { planPrune } from './plan.js';
import {
  type Pruned,
  type PruneLimits,
  type PrunePlan,
  type PruneRules,
  prunedBy,
  refuseTooMany,
} from './rules.js';

/** Options of {@link prune}. */
export interface PruneOptions extends PruneLimits {
  /** Plan, but delete nothing. */
  readonly dryRun?: boolean;
  /** Aborting it stops the run, which then rejects with the code `interrupted`. Deleted files stay deleted. */
  readonly signal?: AbortSignal;
  /** Called once with the plan, before `confirm` and before anything is deleted. */
  onPlan?(plan: PrunePlan): void;
  /** Called at once with a warning, such as that the run waits for another one. */
  onWarning?(warning: Warning): void;
  /** Called once if there is something to delete. `false` cancels the run. */
  confirm?(pruning: Pruned): Promise<boolean>;
}

/** What was pruned, or a dry run would prune. */
export interface PruneResult extends Pruned, Destination {
  readonly dryRun: boolean;
}

/**
 * Deletes old releases and unused files: first the manifests of the releases, then the files that no other manifest
 * names. Deletes only files that were published and have not changed since.
 *
 * @param settings from `loadSettings()`
 * @throws StaticFilesError `target` if there is no active manifest, a manifest is damaged, the plan exceeds `maxDelete`, or
 *   another run has changed it since it was confirmed; `cancelled`, `locked`, `interrupted`, `plugin`
 * @example
 * await prune(settings, { keep: 3, olderThan: 7 * 24 * 60 * 60 * 1000 });
 */
export async function prune(settings: Settings, options: PruneOptions = {}): Promise<PruneResult> {
  const { dryRun = false, signal = new AbortController().signal, confirm, onWarning } = options;
  const run = { settings, options: { dryRun }, signal, warn: (warning: Warning) => onWarning?.(warning) };
  // Without a lock: no other run should wait for the answer.
  const confirmed =
    confirm && !dryRun ? await interruptible(signal, () => confirmPlan(run, options)) : undefined;
  if (confirmed && isEmpty(confirmed)) return resultOf(run, prunedBy(confirmed, options));
  return lockInterruptibly(run, (locked) => planAndApply(locked, options, confirmed));
}

/** A run that prunes. */
interface PruneRun {
  readonly settings: Settings;
  readonly options: { readonly dryRun: boolean };
  readonly signal: AbortSignal;
  warn(warning: Warning): void;
}

/** Plans, and asks unless the plan is empty. */
async function confirmPlan(run: PruneRun, options: PruneOptions): Promise<PrunePlan> {
  const plan = await planNow(run, openRecordOf(run.settings, {}), options);
  options.onPlan?.(plan);
  refuseTooMany(plan, options);
  if (!isEmpty(plan) && !(await options.confirm?.(prunedBy(plan, options)))) {
    throw new StaticFilesError('cancelled', 'Pruning cancelled.');
  }
  return plan;
}

/** @param confirmed the plan that was confirmed, if there was a question */
async function planAndApply(
  run: Locked<PruneRun>,
  options: PruneOptions,
  confirmed: PrunePlan | undefined,
): Promise<PruneResult> {
  const record = openRecordOf(run.settings, {});
  warnOfUnreadableRecord({ ...run, record });
  const plan = await planNow(run, record, options);
  if (confirmed && !isSame(confirmed, plan)) throw planHasChanged();
  if (!confirmed) options.onPlan?.(plan);
  if (run.options.dryRun) return resultOf(run, prunedBy(plan, options));
  refuseTooMany(plan, options);
  const applied = await applyPrune(plan, { ...run, record });
  keepRecord(run, record);
  return resultOf(run, prunedBy(applied, options));
}

async function planNow(
  { settings, signal }: PruneRun,
  record: PublishRecord,
  rules: PruneRules,
): Promise<PrunePlan> {
  const manifests = manifestStorage(settings, signal);
  const look = { forDeletion: true };
  const stored = await readReleases(manifests, look);
  if (stored.active === undefined) throw noActiveManifest(manifests);
  return planPrune(stored, { storage: settings.storage, look, record, rules, signal });
}

function noActiveManifest({ name }: ManifestStorage): StaticFilesError {
  return new StaticFilesError(
    'target',
    `There is no manifest '${name}', so it is unknown which files are in use, and nothing is pruned. ` +
      "Collect with the processor 'fingerprint', or with a release, first.",
  );
}

function isEmpty({ files, releases }: PrunePlan): boolean {
  return files.length === 0 && releases.every(({ fate }) => fate === 'kept');
}

/** Whether two plans delete the same. */
function isSame(a: PrunePlan, b: PrunePlan): boolean {
  const deletions = ({ files, releases }: PrunePlan) =>
    JSON.stringify([files.map(({ publicPath }) => publicPath), releases.map(({ id, fate }) => [id, fate])]);
  return deletions(a) === deletions(b);
}

function planHasChanged(): StaticFilesError {
  return new StaticFilesError(
    'target',
    'What is published has changed since you were asked, so the plan is out of date. Nothing was deleted. Run again.',
  );
}

/** Keeps what is recorded of the files that stay. */
function keepRecord(run: PruneRun, record: PublishRecord): void {
  for (const [publicPath] of record.left()) record.keep(publicPath);
  saveRecord({ ...run, record, startedAt: Date.now() });
}

function resultOf({ settings, options: { dryRun } }: PruneRun, pruned: Pruned): PruneResult {
  return { dryRun, ...describeDestination(settings.storage), ...pruned };
}
