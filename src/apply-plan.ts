import { isDeepStrictEqual } from 'node:util';
import type { CollectOptions, CollectResult } from './collectstatic.js';
import { collectstatic } from './collectstatic.js';
import { StaticFilesError } from './errors.js';
import { checkedPlanFile } from './pipeline/check-plan-file.js';
import type { Plan } from './pipeline/plan.js';
import {
  destinationOf,
  type PlanFile,
  type PlannedFile,
  planHead,
  plannedFiles,
} from './pipeline/plan-file.js';
import type { Settings } from './settings/settings.js';

/** What is told of a run that makes or applies a plan file. */
export type PlanFileOptions = Pick<
  CollectOptions,
  'dryRun' | 'signal' | 'onPlan' | 'onReferences' | 'onWarning' | 'onProgress'
>;

/**
 * Plans a run, and changes nothing.
 *
 * @throws StaticFilesError as `collectstatic`
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
 * Publishes exactly what a plan file says, or nothing. Of the plan only its release and its {@link PlannedOptions} have
 * a part in the run; all else is compared with what comes out.
 *
 * @param where the file's name, for messages
 * @throws StaticFilesError `usage` where the plan says anything that a plan may not say; `source` or `target`, with the names of the files, where sources or destination are not as they
 *   were when the plan was made: nothing is published then; else as `collectstatic`
 */
export async function applyPlan(
  settings: Settings,
  given: PlanFile,
  { where, ...options }: PlanFileOptions & { readonly where: string },
): Promise<CollectResult> {
  const planFile = checkedPlanFile(given, where);
  refuseOtherSettings(settings, planFile, where);
  const { release } = planFile;
  const { release: _, ...others } = settings;
  return collectstatic(
    { ...others, ...(release !== null && { release: { id: async () => release } }) },
    {
      ...planFile.options,
      ...options,
      maxDelete: Infinity, // who applies a plan has seen what it deletes
      readAll: true,
      holdFirst: true,
      onPlan(plan) {
        refuseMoved(plan, settings, planFile, where);
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
    `The plan '${where}' ${what} '${wanted[at]}', and the settings say '${given[at]}'. Give the same settings, or make a new plan.`,
  );
}

/** A file that is not as it was planned. */
interface Move {
  readonly path: string;
  /** Where it has changed. */
  readonly at: 'source' | 'destination';
  readonly source: string | null;
}

function refuseMoved(plan: Plan, { baseDir }: Settings, planFile: PlanFile, where: string): void {
  const manifests = new Set(
    plan.filter(({ output }) => output?.role !== undefined).map(({ publicPath }) => publicPath),
  );
  // As JSON has it.
  const now: readonly PlannedFile[] = JSON.parse(JSON.stringify(plannedFiles(plan, baseDir)));
  const moves = movesBetween(planFile.files, now);
  if (moves.length === 0) return;
  // A manifest changes with every file: it tells something only where it stands alone.
  const files = moves.filter(({ path }) => !manifests.has(path));
  throw moved(files.length > 0 ? files : moves, where);
}

function movesBetween(planned: readonly PlannedFile[], now: readonly PlannedFile[]): readonly Move[] {
  const wanted = new Map(planned.map((file) => [file.path, file]));
  const moves: Move[] = [];
  for (const file of now) {
    const before = wanted.get(file.path);
    wanted.delete(file.path);
    if (!isDeepStrictEqual(before, file)) moves.push(moveOf(before, file));
  }
  for (const { path, hash, source } of wanted.values()) {
    moves.push({ path, at: hash === null ? 'destination' : 'source', source });
  }
  return moves;
}

function moveOf(before: PlannedFile | undefined, { path, hash, source }: PlannedFile): Move {
  const sameSource = before ? before.hash === hash && before.source === source : hash === null;
  return { path, at: sameSource ? 'destination' : 'source', source };
}

/** How many files are named. */
const NAMED = 20;

function moved(moves: readonly Move[], where: string): StaticFilesError {
  const lines = moves.slice(0, NAMED).map((move) => `\n  ${move.path}: ${moveText(move)}`);
  const more = moves.length > NAMED ? `\n  and ${moves.length - NAMED} more` : '';
  return new StaticFilesError(
    moves.some(({ at }) => at === 'source') ? 'source' : 'target',
    `The plan '${where}' does not fit any more, and nothing was published. Make a new one.${lines.join('')}${more}`,
  );
}

function moveText({ at, source }: Move): string {
  if (at === 'destination') return 'what stands at the destination has changed';
  return `what would be published has changed${source === null ? '' : ` (from '${source}')`}`;
}
