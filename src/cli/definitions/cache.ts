import { type Command, InvalidArgumentError } from 'commander';
import type { Invocation } from '../invocation.js';
import { addCommonOptions, type CommonValues, commonFlags } from './common-options.js';

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
