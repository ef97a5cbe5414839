import { type PruneOptions, prunestatic } from '../../prune/prune.js';
import { loadSettings } from '../../settings/load.js';
import type { ExitCode } from '../exit-code.js';
import type { PruneCommandFlags } from '../invocation.js';
import { goingText } from '../texts/prune.js';
import type { CommandContext } from './command-context.js';
import { loadCommandSettings } from './command-settings.js';

/** Runs `staticfiles prune` and reports it. */
export async function runPrune(flags: PruneCommandFlags, context: CommandContext): Promise<ExitCode> {
  const settings = await loadCommandSettings(loadSettings, flags, context);
  const { keep, olderThan, maxDelete, dryRun } = flags;
  const { reporter, signal } = context;
  const report = await prunestatic(settings, {
    ...{ keep, olderThan, maxDelete, dryRun, signal },
    onWarning: (warning) => reporter.warned([warning]),
    onPlan: (plan) => reporter.pruning(plan, { dryRun }),
    ...(flags.interactive && !dryRun && { confirm: confirmOn(context, flags) }),
  });
  reporter.pruned(report);
  return 0;
}

function confirmOn(
  { reporter, terminal, signal }: CommandContext,
  { json }: PruneCommandFlags,
): NonNullable<PruneOptions['confirm']> {
  return async (plan) => {
    reporter.paused();
    const { askToPrune } = await import('../prompt.js');
    const amount = goingText(plan);
    const output = json ? terminal.stderr : terminal.stdout;
    return askToPrune(amount, { input: terminal.stdin, output }, signal);
  };
}
