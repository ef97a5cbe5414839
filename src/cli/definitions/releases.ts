import type { Command } from 'commander';
import type { Invocation, ReleasesAction } from '../invocation.js';
import { addCommonOptions, type CommonValues, commonFlags } from './common-options.js';

const EXAMPLES = `
Examples:
  $ staticfiles releases                   which there are, and how much each holds
  $ staticfiles releases diff v41 v42      which files differ
  $ staticfiles releases activate v41      a roll-back, without collecting
`;

/** A command below this one, and what its arguments make of it. */
interface Verb {
  readonly usage: string;
  readonly description: string;
  action(first: string, second: string): ReleasesAction;
}

const VERBS: readonly Verb[] = [
  {
    usage: 'list',
    description: 'says which releases there are, and how much each holds',
    action: () => ({ verb: 'list' }),
  },
  {
    usage: 'show <id>',
    description: 'says what a release holds, and what only it uses; -v 2 lists all of its files',
    action: (id) => ({ verb: 'show', id }),
  },
  {
    usage: 'diff <from> <to>',
    description: 'says which files differ between two releases',
    action: (from, to) => ({ verb: 'diff', from, to }),
  },
  {
    usage: 'activate <id>',
    description: 'makes its manifest the one that is read unless a release is named',
    action: (id) => ({ verb: 'activate', id }),
  },
  {
    usage: 'remove <id>',
    description: "deletes the manifest of a release; its files stay until 'staticfiles prune'",
    action: (id) => ({ verb: 'remove', id }),
  },
];

/** Makes `command` the command releases, with a command below it for each verb. */
export function defineReleases(command: Command, understood: (invocation: Invocation) => void): void {
  command
    .description('Says which releases are published, and rolls back to one of them.')
    .addHelpText('after', EXAMPLES);
  for (const { usage, description, action } of VERBS) {
    const below = command.command(usage, { isDefault: usage === 'list' }).description(description);
    addCommonOptions(below).action(() => {
      const [first = '', second = ''] = below.args;
      const flags = commonFlags(below.opts<CommonValues>());
      understood({ command: 'releases', action: action(first, second), flags });
    });
  }
}
