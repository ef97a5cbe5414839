import { type Command, InvalidArgumentError } from 'commander';
import type { PruneOptions } from '../../prune/prune.js';
import type { ExitCode } from '../terminal.js';
import { addCommon, type CommandContext, type Example, type Start } from './command.js';

type Flags = Pick<PruneOptions, 'keep' | 'olderThan' | 'maxDelete' | 'dryRun'>;

async function run(
  { settings, reporter, terminal, signal, interactive }: CommandContext,
  flags: Flags,
): Promise<ExitCode> {
  const { prune } = await import('../../prune/prune.js');
  const result = await prune(settings, {
    ...flags,
    signal,
    onWarning: (warning) => reporter.warned([warning]),
    onPlan: (plan) => reporter.pruning(plan, flags),
    ...(interactive && {
      confirm: async (pruned) => {
        const { askToPrune } = await import('../prompt.js');
        return askToPrune(pruned, { reporter, terminal, signal });
      },
    }),
  });
  reporter.pruned(result);
  return 0;
}

const EXAMPLES: readonly Example[] = [
  ['staticfiles prune --dry-run', 'show what would be deleted and why'],
  ['staticfiles prune --noinput', 'keep the newest 3 releases, and all of the last 7 days'],
  ['staticfiles prune --noinput --keep 5 --older-than 4w', 'keep the newest 5, and all of the last 4 weeks'],
];

/** Defines prune. */
export function definePrune(command: Command, start: Start): void {
  command
    .description('Delete old releases, and published files that no other release uses')
    .option('--noinput, --no-input', 'never ask before files are deleted')
    .option('-n, --dry-run', 'show what would be deleted and why, and delete nothing');
  addPruneRules(command).option(
    '--max-delete <number>',
    'fail if more files would be deleted (default: 256)',
    wholeNumber,
  );
  addCommon(command, EXAMPLES, { failed: 'failed, or cancelled' }).action(() => start(command, run));
}

/**
 * Adds the options that say which releases stay.
 *
 * @param requires comes before the default in their help
 */
export function addPruneRules(command: Command, requires = ''): Command {
  return command
    .option(
      '--keep <number>',
      `keep this many of the newest releases (${requires}default: 3, or 0 with --older-than alone)`,
      wholeNumber,
    )
    .option(
      '--older-than <age>',
      `delete only releases older than this, such as 12h, 7d, 4w (${requires}default: 7d, or any age with --keep alone)`,
      age,
    );
}

/** Parses a number of files or releases. */
export function wholeNumber(text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It must be a whole number, 0 or more.');
}

const HOUR = 60 * 60 * 1000;

const UNITS: Readonly<Record<string, number>> = { m: HOUR / 60, h: HOUR, d: 24 * HOUR, w: 7 * 24 * HOUR };

/** Returns milliseconds. */
function age(text: string): number {
  const [, number, unit = ''] = /^(\d{1,6})([mhdw])$/.exec(text) ?? [];
  if (number !== undefined) return Number(number) * UNITS[unit]!;
  throw new InvalidArgumentError("It must be minutes, hours, days or weeks: '30m', '12h', '7d', '4w'.");
}
