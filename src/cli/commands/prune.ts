import { type Command, InvalidArgumentError, Option } from 'commander';
import { type PruneOptions, prune } from '../../prune/prune.js';
import { loadSettings } from '../../settings/load.js';
import type { Invocation, PruneCommandFlags, PruneFlags } from '../reporter.js';
import type { ExitCode } from '../terminal.js';
import { goingText } from '../texts/releases.js';
import {
  addCommonOptions,
  type CommandContext,
  type CommonValues,
  commonFlags,
  loadCommandSettings,
} from './command.js';

/** Runs `staticfiles prune` and reports it. */
export async function runPrune(flags: PruneCommandFlags, context: CommandContext): Promise<ExitCode> {
  const settings = await loadCommandSettings(loadSettings, flags, context);
  const { keep, olderThan, maxDelete, dryRun } = flags;
  const { reporter, signal } = context;
  const report = await prune(settings, {
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

interface Values extends CommonValues, PruneValues {
  readonly input: boolean;
  readonly noinput?: true;
  readonly dryRun?: true;
}

const EXAMPLES = `
Examples:
  $ staticfiles prune --dry-run                      what would be deleted, and why
  $ staticfiles prune --noinput --keep 3 --older-than 7d
`;

/** Makes `command` the command prune. */
export function definePrune(command: Command, understood: (invocation: Invocation) => void): void {
  command
    .description('Deletes old releases, and the published files that none of the others needs.')
    .option('--noinput', 'ask nothing')
    .option('--no-input', 'the same as --noinput')
    .option('-n, --dry-run', 'show what would be deleted, and why; delete nothing');
  addPruneOptions(command);
  addCommonOptions(command)
    .addHelpText('after', EXAMPLES)
    .action((values: Values) =>
      understood({
        command: 'prune',
        flags: {
          ...commonFlags(values),
          ...pruneFlags(values),
          interactive: values.input && !values.noinput,
          dryRun: values.dryRun ?? false,
        },
      }),
    );
}

/** What commander makes of the options that say how far pruning may go. */
export interface PruneValues {
  readonly keep?: number;
  readonly olderThan?: number;
  readonly maxDelete?: number;
}

/** Flags, what they mean, and how their values are read. */
type NumberOption = readonly [flags: string, meaning: string, parse: (text: string) => number];

const RULES: readonly NumberOption[] = [
  ['--keep <number>', 'how many of the newest releases stay (default: 3)', wholeNumber],
  [
    '--older-than <age>',
    'how old a release must be to go, such as 12h, 7d, 4w (default: 7d; any age with --keep alone)',
    age,
  ],
];

/** Adds the options of `staticfiles prune`. */
function addPruneOptions(command: Command): Command {
  return addOptions(command, [...RULES, maxDelete('(default: 256)')]);
}

/** Adds the same options to a command that prunes, or clears, only if it is asked to. */
export function addOptionalPruneOptions(command: Command): Command {
  const rules = RULES.map(([flags, meaning, parse]) => [flags, `with --prune: ${meaning}`, parse] as const);
  const [flags, meaning, parse] = maxDelete('(default: 256, without limit for --clear in a local folder)');
  return addOptions(command, [...rules, [flags, `with --prune or --clear: ${meaning}`, parse]]);
}

function maxDelete(defaults: string): NumberOption {
  return [
    '--max-delete <number>',
    `how many files may be deleted; more is an error ${defaults}`,
    wholeNumber,
  ];
}

function addOptions(command: Command, options: readonly NumberOption[]): Command {
  for (const [flags, meaning, parse] of options) {
    command.addOption(new Option(flags, meaning).argParser(parse));
  }
  return command;
}

/** The flags, from commander's values. */
export function pruneFlags({ keep, olderThan, maxDelete }: PruneValues): PruneFlags {
  return { keep, olderThan, maxDelete };
}

function wholeNumber(text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It must be a whole number from 0 on.');
}

const HOUR = 60 * 60 * 1000;

const UNITS: Readonly<Record<string, number>> = { m: HOUR / 60, h: HOUR, d: 24 * HOUR, w: 7 * 24 * HOUR };

/** In milliseconds. */
function age(text: string): number {
  const [, number, unit = ''] = /^(\d{1,6})([mhdw])$/.exec(text) ?? [];
  if (number !== undefined) return Number(number) * UNITS[unit]!;
  throw new InvalidArgumentError("It must be minutes, hours, days or weeks: '30m', '12h', '7d', '4w'.");
}
