import type { PublishRecord } from '../cache/record.js';
import { unusedFiles } from '../cache/unused-files.js';
import { interruptible } from '../concurrency/abort.js';
import { StaticFilesError } from '../errors.js';
import type { Warning } from '../model/static-file.js';
import { type Held, holdingInterruptibly, inventoryOf, openRecordOf } from '../pipeline/destination.js';
import { saveRecord, warnOfProblem } from '../pipeline/run.js';
import { type ManifestPlace, manifestPlace } from '../pipeline/stored-manifest.js';
import { readReleases } from '../releases/read.js';
import type { Settings } from '../settings/settings.js';
import { type Destination, describeDestination } from '../storages/destination.js';
import { applyPrune } from './apply.js';
import { planPrune } from './plan.js';
import type { PruneLimits, PrunePlan, PruneRules } from './rules.js';
import { type Pruned, prunedBy, refuseTooMany } from './rules.js';

export interface PruneOptions extends PruneLimits {
  /** Plan, and delete nothing. */
  readonly dryRun?: boolean;
  /** Aborting it stops the run, which then rejects with code `interrupted`. What was deleted stays so. */
  readonly signal?: AbortSignal;
  /** Called once with the plan, before anything else is asked or done. */
  onPlan?(plan: PrunePlan): void;
  /** Called with a warning as soon as it is known, such as that another run is waited for. */
  onWarning?(warning: Warning): void;
  /** Asked once, where there is something to delete; `false` cancels the run. */
  confirm?(pruning: Pruned): Promise<boolean>;
}

/** What was pruned, or, in a dry run, would be. */
export interface PruneResult extends Pruned, Destination {
  readonly dryRun: boolean;
}

/**
 * Deletes what no release needs any more: the manifests of old releases, then the files that neither those that stay nor
 * the active one name. Only files that were published, and that still are as they were published.
 *
 * @throws StaticFilesError `target` where no manifest says what is live, where one is damaged, where the plan exceeds
 *   `maxDelete`, or another run has changed it since it was shown; `cancelled`, `locked`, `interrupted`, `plugin`
 * @example
 * await prune(settings, { keep: 3, olderThan: 7 * 24 * 60 * 60 * 1000 });
 */
export async function prune(settings: Settings, options: PruneOptions = {}): Promise<PruneResult> {
  const { dryRun = false, signal = new AbortController().signal, confirm, onWarning } = options;
  const warn = (warning: Warning) => onWarning?.(warning);
  const holder = { settings, options: { dryRun }, signal, warn };
  const ask = () => interruptible(signal, () => askFirst(holder, options));
  const asked = confirm && !dryRun ? await ask() : undefined;
  if (asked && !isSomething(asked)) return reportOf(holder, prunedBy(asked, options));
  return holdingInterruptibly(holder, (held) => planAndApply(held, options, asked));
}

/** @param asked the plan that was agreed to, where somebody was asked */
async function planAndApply(
  holder: Held<Holder>,
  options: PruneOptions,
  asked: PrunePlan | undefined,
): Promise<PruneResult> {
  const record = openRecordOf(holder.settings, {});
  warnOfProblem(record, holder);
  const plan = await planNow(holder, record, options);
  if (asked && !isSame(asked, plan)) throw changedMeanwhile();
  if (!asked) options.onPlan?.(plan);
  if (!holder.options.dryRun) {
    refuseTooMany(plan, options);
    const applied = await applyPrune(plan, { ...holder, record });
    keepRecord(holder, record);
    return reportOf(holder, prunedBy(applied, options));
  }
  return reportOf(holder, prunedBy(plan, options));
}

interface Holder {
  readonly settings: Settings;
  readonly options: { readonly dryRun: boolean };
  readonly signal: AbortSignal;
  warn(warning: Warning): void;
}

/** What was recorded of files that stay is as true as it was. */
function keepRecord(holder: Holder, record: PublishRecord): void {
  for (const [publicPath] of record.left()) record.keep(publicPath);
  saveRecord({ ...holder, record, startedAt: Date.now() });
}

/** While a person thinks, no other run is kept waiting. */
async function askFirst(holder: Holder, options: PruneOptions): Promise<PrunePlan> {
  const plan = await planNow(holder, openRecordOf(holder.settings, {}), options);
  options.onPlan?.(plan);
  refuseTooMany(plan, options);
  if (isSomething(plan) && !(await options.confirm?.(prunedBy(plan, options)))) {
    throw new StaticFilesError('cancelled', 'Pruning cancelled.');
  }
  return plan;
}

async function planNow(
  { settings, signal }: Holder,
  record: PublishRecord,
  rules: PruneRules,
): Promise<PrunePlan> {
  const place = manifestPlace(settings, signal);
  const stored = await readReleases(place, FOR_DELETION);
  if (stored.active === undefined) throw nothingIsLive(place);
  const inventory = await inventoryOf(settings.storage, signal, FOR_DELETION);
  return planPrune(stored, inventory, { rules, now: new Date(), leftBehind: unusedFiles(record), signal });
}

/** What somebody has overwritten is seen by looking only. */
const FOR_DELETION = { forDeletion: true };

function isSomething({ files, releases }: PrunePlan): boolean {
  return files.length > 0 || releases.some(({ fate }) => fate !== 'kept');
}

/** Whether the same goes in both. */
function isSame(a: PrunePlan, b: PrunePlan): boolean {
  const deletions = ({ files, releases }: PrunePlan) =>
    JSON.stringify([files.map(({ publicPath }) => publicPath), releases.map(({ id, fate }) => [id, fate])]);
  return deletions(a) === deletions(b);
}

function nothingIsLive({ name }: ManifestPlace): StaticFilesError {
  return new StaticFilesError(
    'target',
    `There is no manifest '${name}' that says which files are live, so nothing is pruned. ` +
      "Collect with the processor 'fingerprint', or with a release, first.",
  );
}

function changedMeanwhile(): StaticFilesError {
  return new StaticFilesError(
    'target',
    'What is published has changed since you were asked, and another plan would be needed. Nothing was deleted. Run again.',
  );
}

function reportOf({ settings, options: { dryRun } }: Holder, pruned: Pruned): PruneResult {
  return { dryRun, ...describeDestination(settings.storage), ...pruned };
}
