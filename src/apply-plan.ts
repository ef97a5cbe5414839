import { isDeepStrictEqual } from 'node:util';
import type { CollectOptions, CollectResult } from './collectstatic.js';
import { collectstatic } from './collectstatic.js';
import { StaticFilesError } from './errors.js';
import type { Plan } from './pipeline/plan.js';
import {
  destinationOf,
  type PlanFile,
  type PlannedFile,
  planHead,
  plannedFiles,
} from './pipeline/plan-file.js';
import { checkPlanFile } from './pipeline/read-plan-file.js';
import type { Settings } from './settings/settings.js';

/** Options of a run that applies a plan file. */
export type PlanFileOptions = Pick<
  CollectOptions,
  'dryRun' | 'signal' | 'onPlan' | 'onReferences' | 'onWarning' | 'onProgress'
>;

/**
 * Plans a run without changing anything, for `applyPlan()` to publish later.
 *
 * @throws StaticFilesError like `collectstatic()`
 * @example
 * const { planFile } = await planCollect(settings, { clear: true });
 * fs.writeFileSync('plan.json', planFileText(planFile));
 */
export async function planCollect(
  settings: Settings,
  options: Omit<CollectOptions, 'dryRun' | 'readAll' | 'prune'> = {},
): Promise<{ readonly report: CollectResult; readonly planFile: PlanFile }> {
  const head = await planHead(settings, options);
  const report = await collectstatic(settings, { ...options, dryRun: true, readAll: true });
  return { report, planFile: { ...head, files: plannedFiles(report.plan, settings.baseDir) } };
}

/**
 * Publishes exactly what a plan file says, or nothing. The run takes the release and the {@link PlannedOptions} from the
 * plan, plans again, and compares.
 *
 * @param planFile from `planCollect()` or `parsePlanFile()`
 * @param options with `where`, the name of the file for messages
 * @throws StaticFilesError `usage` if the plan has anything in it that a plan may not have; `settings` if it is for another
 *   destination or static URL; `source` or `target` if files have changed since it was made; else like `collectstatic()`
 * @example
 * const planFile = parsePlanFile(fs.readFileSync('plan.json', 'utf8'), 'plan.json');
 * await applyPlan(settings, planFile, { where: 'plan.json' });
 */
export async function applyPlan(
  settings: Settings,
  planFile: PlanFile,
  { where, ...options }: PlanFileOptions & { readonly where: string },
): Promise<CollectResult> {
  const planned = checkPlanFile(planFile, where);
  refuseOtherSettings(settings, planned, where);
  const { release } = planned;
  const { release: _, ...others } = settings;
  return collectstatic(
    { ...others, ...(release !== null && { release: { id: async () => release } }) },
    {
      ...planned.options,
      ...options,
      maxDelete: Infinity, // the plan shows what it deletes
      readAll: true,
      holdFirst: true,
      onPlan(plan) {
        refuseChanges(plan, settings, planned, where);
        options.onPlan?.(plan);
      },
    },
  );
}

function refuseOtherSettings(settings: Settings, planFile: PlanFile, where: string): void {
  const wanted = [planFile.destination, planFile.staticUrl];
  const given = [destinationOf(settings), settings.staticUrl];
  const at = wanted.findIndex((value, index) => value !== given[index]);
  if (at === -1) return;
  const what = ['publishes to', 'is for the static URL'][at];
  throw new StaticFilesError(
    'settings',
    `The plan '${where}' ${what} '${wanted[at]}', but the settings say '${given[at]}'. Use the same settings, or create a new plan with --plan-out.`,
  );
}

function refuseChanges(plan: Plan, { baseDir }: Settings, planFile: PlanFile, where: string): void {
  const manifests = new Set(
    plan.filter(({ output }) => output?.role !== undefined).map(({ publicPath }) => publicPath),
  );
  // JSON leaves out what is undefined.
  const now: readonly PlannedFile[] = JSON.parse(JSON.stringify(plannedFiles(plan, baseDir)));
  const changes = changesBetween(planFile.files, now);
  if (changes.length === 0) return;
  // A manifest changes with every file, so it is named only if nothing else has changed.
  const files = changes.filter(({ path }) => !manifests.has(path));
  throw outOfDate(files.length > 0 ? files : changes, where);
}

/** A file that is not as it was planned. */
interface Change {
  readonly path: string;
  /** What has changed: what would be published, or what is there. */
  readonly at: 'source' | 'destination';
  readonly source: string | null;
}

function changesBetween(planned: readonly PlannedFile[], now: readonly PlannedFile[]): readonly Change[] {
  const left = new Map(planned.map((file) => [file.path, file]));
  const changes: Change[] = [];
  for (const file of now) {
    const before = left.get(file.path);
    left.delete(file.path);
    if (!isDeepStrictEqual(before, file)) changes.push(changeOf(before, file));
  }
  for (const { path, hash, source } of left.values()) {
    changes.push({ path, at: hash === null ? 'destination' : 'source', source });
  }
  return changes;
}

function changeOf(before: PlannedFile | undefined, { path, hash, source }: PlannedFile): Change {
  const sameSource = before ? before.hash === hash && before.source === source : hash === null;
  return { path, at: sameSource ? 'destination' : 'source', source };
}

/** How many files the error names. */
const NAMED = 20;

function outOfDate(changes: readonly Change[], where: string): StaticFilesError {
  const lines = changes.slice(0, NAMED).map((change) => `\n  ${change.path}: ${changeText(change)}`);
  const more = changes.length > NAMED ? `\n  and ${changes.length - NAMED} more` : '';
  return new StaticFilesError(
    changes.some(({ at }) => at === 'source') ? 'source' : 'target',
    `${where} is out of date: ${count(changes)} since. Nothing was published. Create a new plan with --plan-out.${lines.join('')}${more}`,
  );
}

function count({ length }: readonly Change[]): string {
  return length === 1 ? '1 file has changed' : `${length} files have changed`;
}

function changeText({ at, source }: Change): string {
  if (at === 'destination') return 'the file at the destination has changed';
  return `what would be published has changed${source === null ? '' : ` (from '${source}')`}`;
}
