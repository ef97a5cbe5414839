import path from 'node:path';
import { type CollectOptions, collectstatic } from '../../collectstatic.js';
import { loadSettings } from '../../settings/load.js';
import type { Settings } from '../../settings/settings.js';
import type { ExitCode } from '../exit-code.js';
import type { CollectFlags } from '../invocation.js';
import { keepHeapSmall } from '../small-heap.js';
import type { CommandContext } from './command-context.js';
import { loadCommandSettings } from './command-settings.js';

/** What the command calls; a test brings its own. */
export interface CollectStages {
  readonly loadSettings: typeof loadSettings;
  readonly collectstatic: typeof collectstatic;
}

/** Runs collectstatic and reports it. */
export async function runCollectstatic(
  flags: CollectFlags,
  context: CommandContext,
  stages: CollectStages = { loadSettings, collectstatic },
): Promise<ExitCode> {
  const settings = await loadCommandSettings(stages.loadSettings, flags, context);
  const options = await collectOptions(settings, flags, context);
  if (flags.watch) await watch(settings, options, flags, context);
  else if (flags.planOut !== undefined) await plan(settings, options, flags.planOut, context);
  else context.reporter.collected(await stages.collectstatic(settings, options));
  return 0;
}

async function plan(
  settings: Settings,
  options: CollectOptions,
  file: string,
  { reporter, terminal }: CommandContext,
): Promise<void> {
  const { planstatic } = await import('../../apply-plan.js');
  const { writePlanFile } = await import('../plan-document.js');
  const { report, planFile } = await planstatic(settings, options);
  writePlanFile(path.resolve(terminal.cwd, file), planFile);
  reporter.collected(report);
  reporter.planWritten(file);
}

/** Ends in good order when it is interrupted: nothing else ends it. */
async function watch(
  settings: Settings,
  options: CollectOptions,
  { poll }: CollectFlags,
  { reporter }: CommandContext,
): Promise<void> {
  const { watchstatic } = await import('../../watch.js');
  await watchstatic(settings, {
    ...options,
    poll,
    onFirst: reporter.collected,
    onReady: reporter.watching,
    onRun: reporter.collectedAgain,
    onError: reporter.failed,
  });
}

async function collectOptions(
  { storage }: Settings,
  flags: CollectFlags,
  context: CommandContext,
): Promise<CollectOptions> {
  const {
    dryRun,
    clear,
    maxDelete,
    link,
    postProcess,
    checksum,
    index,
    failOnConflict,
    ignore,
    defaultIgnore,
  } = flags;
  const { reporter, signal } = context;
  const references = await referencesFile(flags, context);
  return {
    ...{
      dryRun,
      clear,
      maxDelete,
      link,
      postProcess,
      checksum,
      index,
      failOnConflict,
      ignore,
      defaultIgnore,
    },
    signal,
    onReferences(report) {
      references?.write(report);
      if (flags.json || flags.verbosity >= 2) reporter.referenced(report.counts());
    },
    onPlan(plan) {
      references?.assertWritten();
      if (storage.place !== undefined) keepHeapSmall(plan);
      reporter.planned(plan);
    },
    ...(flags.prune && { prune: flags.prune }),
    onPrunePlan: (plan) => reporter.pruning(plan, { dryRun }),
    onWarning: (warning) => reporter.warned([warning]),
    onProgress: reporter.progressed,
    ...(flags.interactive && !dryRun && { confirm: confirmOn(context, flags) }),
  };
}

async function referencesFile({ references: file }: CollectFlags, { terminal }: CommandContext) {
  if (file === undefined) return undefined;
  const { openReferencesFile } = await import('../references-file.js');
  return openReferencesFile(path.resolve(terminal.cwd, file));
}

function confirmOn(
  { reporter, terminal, signal }: CommandContext,
  { json }: CollectFlags,
): NonNullable<CollectOptions['confirm']> {
  return async (question) => {
    reporter.paused();
    const { askToOverwrite } = await import('../prompt.js');
    const output = json ? terminal.stderr : terminal.stdout;
    return askToOverwrite(question, { input: terminal.stdin, output }, signal);
  };
}
