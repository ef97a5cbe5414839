import { type Command, InvalidArgumentError } from 'commander';
import { inspectCache, pruneCache } from '../../cache/prune-cache.js';
import { loadSettings } from '../../settings/load.js';
import type { CacheFlags, Invocation } from '../reporter.js';
import type { ExitCode } from '../terminal.js';
import {
  addCommonOptions,
  type CommandContext,
  type CommonValues,
  commonFlags,
  loadCommandSettings,
} from './command.js';

const MEGABYTE = 1_000_000;

/** Runs `staticfiles cache` and reports it. */
export async function runCache(flags: CacheFlags, context: CommandContext): Promise<ExitCode> {
  const { cacheDir } = await loadCommandSettings(loadSettings, flags, context);
  const { prune, maxAgeDays, maxSizeMb } = flags;
  context.reporter.cached(
    prune ? pruneCache(cacheDir, { maxAgeDays, maxSize: maxSizeMb * MEGABYTE }) : inspectCache(cacheDir),
  );
  return 0;
}

interface CacheValues extends CommonValues {
  readonly prune?: true;
  readonly maxAge?: number;
  readonly maxSize?: number;
}

const MAX_AGE_DAYS = 30;

const MAX_SIZE_MB = 1000;

const EXAMPLES = `
Examples:
  $ staticfiles cache                                    how much it holds
  $ staticfiles cache --prune --max-age 14 --max-size 200
`;

/** Makes `command` the command cache. */
export function defineCache(command: Command, understood: (invocation: Invocation) => void): void {
  command
    .description('Shows what the cache folder holds, and deletes what is no longer used.')
    .option('--prune', 'delete what is too old or exceeds the size limit, and leftovers of killed runs')
    .option(
      '--max-age <days>',
      `with --prune: keep what a run has used within so many days (default: ${MAX_AGE_DAYS})`,
      notNegative,
    )
    .option(
      '--max-size <megabytes>',
      `with --prune: keep at most so much (default: ${MAX_SIZE_MB})`,
      notNegative,
    );
  addCommonOptions(command)
    .addHelpText('after', EXAMPLES)
    .action((values: CacheValues) => {
      const { prune = false, maxAge, maxSize } = values;
      if (!prune && maxAge !== undefined) command.error("error: option '--max-age' requires --prune");
      if (!prune && maxSize !== undefined) command.error("error: option '--max-size' requires --prune");
      understood({
        command: 'cache',
        flags: {
          ...commonFlags(values),
          prune,
          maxAgeDays: maxAge ?? MAX_AGE_DAYS,
          maxSizeMb: maxSize ?? MAX_SIZE_MB,
        },
      });
    });
}

function notNegative(text: string): number {
  const number = Number(text);
  if (text.trim() === '' || !(number >= 0)) throw new InvalidArgumentError('It must be a number from 0 on.');
  return number;
}
