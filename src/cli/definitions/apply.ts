import type { Command } from 'commander';
import type { Invocation } from '../invocation.js';
import { addCommonOptions, type CommonValues, commonFlags } from './common-options.js';

interface ApplyValues extends CommonValues {
  readonly dryRun?: true;
}

const EXAMPLES = `
Examples:
  $ collectstatic --plan-out plan.json     plan, and change nothing
  $ staticfiles apply plan.json            publish exactly that, or nothing
`;

/** Makes `command` the command apply. */
export function defineApply(command: Command, understood: (invocation: Invocation) => void): void {
  command
    .description('Publishes what a plan of collectstatic --plan-out says, unless files have changed since.')
    .argument('<plan>', 'the file of the plan')
    .option('-n, --dry-run', 'show what would be done, and whether the plan still fits; change nothing');
  addCommonOptions(command)
    .addHelpText('after', EXAMPLES)
    .action((plan: string, values: ApplyValues) =>
      understood({
        command: 'apply',
        plan,
        flags: { ...commonFlags(values), dryRun: values.dryRun ?? false },
      }),
    );
}
