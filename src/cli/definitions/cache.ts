import { type Command, InvalidArgumentError } from 'commander';
import type { Invocation } from '../invocation.js';
import { addCommonOptions, type CommonValues, commonFlags } from './common-options.js';

interface CacheValues extends CommonValues {
  readonly prune?: true;
  readonly maxAge: number;
  readonly maxSize: number;
}

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
    .option('--max-age <days>', 'keep what a run has used within so many days', notNegative, 30)
    .option('--max-size <megabytes>', 'keep so many megabytes', notNegative, 1000);
  addCommonOptions(command)
    .addHelpText('after', EXAMPLES)
    .action((values: CacheValues) =>
      understood({
        command: 'cache',
        flags: {
          ...commonFlags(values),
          prune: values.prune ?? false,
          maxAgeDays: values.maxAge,
          maxSizeMb: values.maxSize,
        },
      }),
    );
}

function notNegative(text: string): number {
  const number = Number(text);
  if (text.trim() === '' || !(number >= 0)) throw new InvalidArgumentError('It must be a number from 0 on.');
  return number;
}
