import type { Command } from 'commander';
import type { Invocation } from '../invocation.js';
import { addCommonOptions, type CommonValues, commonFlags } from './common-options.js';
import { addPruneOptions, type PruneValues, pruneFlags } from './prune-options.js';

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
