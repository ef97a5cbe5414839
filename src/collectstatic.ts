import { type Conflict, refuseConflicts } from './finders/conflicts.js';
import { findStaticFiles } from './finders/find.js';
import { knowOutputs } from './model/content.js';
import { type Output, originalOutput } from './model/output.js';
import type { StaticFile } from './model/static-file.js';
import { addManifest } from './pipeline/add-manifest.js';
import { confirmOverwrite, type Held, publishing } from './pipeline/destination.js';
import type { CollectOptions } from './pipeline/options.js';
import { type Attempt, type DoneBefore, planAndPublish } from './pipeline/plan-and-publish.js';
import { inlineVariants, postProcess } from './pipeline/post-process.js';
import { type CollectReport, reportOf } from './pipeline/result.js';
import { findContext, processorContext, type Run, runStage, startRun } from './pipeline/run.js';
import { checkSourceVariants } from './pipeline/source-variants.js';
import type { Settings } from './settings/settings.js';

export type { CollectOptions, OverwriteQuestion, Stage } from './pipeline/options.js';
export type { CollectCounts, CollectReport } from './pipeline/result.js';

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
  const gathered = await gather(run);
  const before: DoneBefore = new Map();
  return publishing(run, (held, again) => publishAll(held, gathered, { again, before }), {
    atFirstWrite: !mustHoldFirst(options),
  });
}

async function publishAll(
  run: Held<Run>,
  { outputs, conflicts }: Gathered,
  attempt: Attempt,
): Promise<CollectReport> {
  const prune = await planPruning(run, outputs);
  const plan = await planAndPublish(run, outputs, attempt);
  const pruned = await prune?.();
  return { ...reportOf(run, plan, conflicts), ...(pruned && { pruned }) };
}

/** What decides on deletions must be read while no other run writes. */
function mustHoldFirst({ holdFirst, clear, prune }: CollectOptions): boolean {
  return (holdFirst ?? false) || Boolean(clear) || prune !== undefined;
}

/** Few runs prune: what it takes is loaded for them alone. */
async function planPruning(run: Held<Run>, outputs: readonly Output[]) {
  const { prune } = run.options;
  if (prune === undefined) return undefined;
  const { planPruneInRun } = await import('./prune/during-collect.js');
  return planPruneInRun(run, outputs, prune);
}

/** All that a run publishes, computed from the sources alone. */
export interface Gathered {
  /** The manifest at last, where there is one. */
  readonly outputs: readonly Output[];
  readonly conflicts: readonly Conflict[];
}

/** Finds the static files and post-processes them. The destination is not touched, nor looked at. */
export async function gather(run: Run): Promise<Gathered> {
  const { files, conflicts } = await runStage(run, 'find', () => find(run));
  const outputs = await runStage(run, 'post-process', () => process(run, files));
  return { outputs, conflicts };
}

async function find(run: Run) {
  const { settings, options, session } = run;
  const ask = () => findStaticFiles(settings.finders, findContext(run));
  const found = await (session ? session.find(ask) : ask());
  if (options.failOnConflict || settings.conflicts === 'error') refuseConflicts(found.conflicts);
  return found;
}

async function process(run: Run, files: readonly StaticFile[]): Promise<readonly Output[]> {
  const { settings, options, session, signal } = run;
  const release = settings.release && { id: await settings.release.id(), published: new Date() };
  const originals = session ? session.originals(files) : files.map(originalOutput);
  const processors = options.postProcess === false ? [] : settings.processors;
  const made = await postProcess(originals, processors, (index) => processorContext(run, index));
  const checked = await checkSourceVariants(made, run);
  const stored = settings.storage.storesInline ? inlineVariants(checked.outputs) : checked.outputs;
  const outputs = options.readAll ? await knowOutputs(stored, signal) : stored;
  const { manifest, importMap, storage } = settings;
  const { publicUrl: staticUrl = settings.staticUrl } = storage;
  if (!release && !importMap && !processors.some(({ needsManifest }) => needsManifest)) return outputs;
  return addManifest(outputs, {
    ...{ manifest, release, importMap, staticUrl },
    sourceVariants: checked.variants,
    knownDetails: session?.details,
    signal,
  });
}
