import path from 'node:path';
import { applyPlan } from '../../apply-plan.js';
import { loadSettings } from '../../settings/load.js';
import type { ExitCode } from '../exit-code.js';
import type { ApplyFlags } from '../invocation.js';
import { readPlanFile } from '../plan-document.js';
import type { CommandContext } from './command-context.js';
import { loadCommandSettings } from './command-settings.js';

/** Runs `staticfiles apply` and reports it. */
export async function runApply(
  { plan, flags }: { readonly plan: string; readonly flags: ApplyFlags },
  context: CommandContext,
): Promise<ExitCode> {
  const { reporter, terminal, signal } = context;
  const planFile = readPlanFile(path.resolve(terminal.cwd, plan));
  const settings = await loadCommandSettings(loadSettings, flags, context);
  const report = await applyPlan(settings, planFile, {
    ...{ where: plan, dryRun: flags.dryRun, signal },
    onPlan: reporter.planned,
    onWarning: (warning) => reporter.warned([warning]),
    onProgress: reporter.progressed,
  });
  reporter.collected(report);
  return 0;
}
