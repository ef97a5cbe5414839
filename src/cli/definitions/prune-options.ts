import { type Command, InvalidArgumentError, Option } from 'commander';
import type { PruneFlags } from '../invocation.js';

/** What commander makes of the options that say how far pruning may go. */
export interface PruneValues {
  readonly keep?: number;
  readonly olderThan?: number;
  readonly maxDelete?: number;
}

/** Adds them. */
export function addPruneOptions(command: Command): Command {
  return command
    .addOption(
      new Option('--keep <number>', 'how many of the newest releases stay (default: 3)').argParser(
        wholeNumber,
      ),
    )
    .addOption(
      new Option(
        '--older-than <age>',
        'how old a release must be to go: 12h, 7d, 4w (default: 7d; with --keep alone: any age)',
      ).argParser(age),
    )
    .addOption(
      new Option(
        '--max-delete <number>',
        'how many files may be deleted; more is an error (default: 256)',
      ).argParser(wholeNumber),
    );
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
  throw new InvalidArgumentError(
    "It must be a number of minutes, hours, days or weeks: '30m', '12h', '7d', '4w'.",
  );
}
