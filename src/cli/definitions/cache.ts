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
    .description('Says how much the cache of compressed files holds, and deletes what is no longer used.')
    .option('--prune', 'delete what no run has used for long, and what is too much')
    .option(
      '--max-age <days>',
      `with --prune: how long an unused entry is kept (default: ${MAX_AGE_DAYS})`,
      notNegative,
    )
    .option(
      '--max-size <megabytes>',
      `with --prune: how much is kept at most (default: ${MAX_SIZE_MB})`,
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
