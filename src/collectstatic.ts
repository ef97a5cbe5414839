import { addManifest } from './add-manifest.js';
import type { CollectOptions } from './collect-options.js';
import { type Conflict, refuseConflicts } from './conflicts.js';
import { confirmOverwrite, holdingTheDestination } from './destination.js';
import { findStaticFiles } from './find.js';
import { type Output, originalOutput } from './output.js';
import type { Plan } from './plan.js';
import { planRun, publishRun, wholePlan } from './plan-and-publish.js';
import { postProcess } from './post-process.js';
import { type CollectReport, countPlan } from './report.js';
import { findContext, processorContext, type Run, runStage, startRun } from './run.js';
import type { Settings } from './settings/settings.js';
import type { StaticFile } from './static-file.js';

export type { CollectOptions, OverwriteQuestion } from './collect-options.js';
export type { CollectCounts, CollectReport, Stage } from './report.js';

/**
 * Gathers the static files of a project and publishes them: find, post-process, plan, publish.
 * Everything is computed before the destination is touched.
 *
 * @param settings from `loadSettings()`
 * @returns what was done, or, in a dry run, would be
 * @throws StaticFilesError by its `code`; anything else thrown is a defect
 * @example
 * const report = await collectstatic(await loadSettings({ cwd: process.cwd() }), { dryRun: true });
 * console.log(report.counts.copied);
 */
export async function collectstatic(
  settings: Settings,
  options: CollectOptions = {},
): Promise<CollectReport> {
  const run = startRun(settings, options);
  await confirmOverwrite(run);
  const { files, conflicts } = await runStage(run, 'find', () => find(run));
  const outputs = await runStage(run, 'post-process', () => process(run, files));
  const plan = await holdingTheDestination(run, (holding) => planAndPublish(holding, outputs));
  return report(run, plan, conflicts);
}

async function find(run: Run) {
  const found = await findStaticFiles(run.settings.finders, findContext(run));
  if (run.options.failOnConflict || run.settings.conflicts === 'error') refuseConflicts(found.conflicts);
  return found;
}

async function process(run: Run, files: readonly StaticFile[]): Promise<readonly Output[]> {
  const { settings, options, signal } = run;
  const processors = options.postProcess === false ? [] : settings.processors;
  const outputs = await postProcess(files.map(originalOutput), processors, ({ name }) =>
    processorContext(run, name),
  );
  const { manifest, importMap, staticUrl } = settings;
  if (!importMap && !processors.some(({ needsManifest }) => needsManifest)) return outputs;
  return addManifest(outputs, { manifest, importMap, staticUrl, signal });
}

async function planAndPublish(run: Run, outputs: readonly Output[]): Promise<Plan> {
  const planned = await runStage(run, 'plan', () => planRun(run, outputs));
  const plan = wholePlan(planned);
  run.options.onPlan?.(plan);
  if (!run.options.dryRun) await runStage(run, 'publish', () => publishRun(run, planned));
  return plan;
}

function report(
  { settings, options, warnings, milliseconds }: Run,
  plan: Plan,
  conflicts: readonly Conflict[],
) {
  const { location } = settings.storage;
  return {
    dryRun: options.dryRun ?? false,
    ...(location !== undefined && { location }),
    counts: countPlan(plan, conflicts.length),
    files: plan,
    conflicts,
    warnings,
    milliseconds,
  };
}
