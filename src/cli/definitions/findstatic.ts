import { type Command, Option } from 'commander';
import type { Invocation } from '../invocation.js';
import { addCommonOptions, type CommonValues, commonFlags } from './common-options.js';

interface FindValues extends CommonValues {
  readonly first?: true;
  readonly why?: true;
}

const EXAMPLES = `
Examples:
  $ findstatic css/app.css                 where the file comes from
  $ findstatic -v 2 /static/css/app.css    the same, of a URL: each candidate, and which one wins
  $ findstatic --why css/app.css           and what it refers to, what refers to it, what its name depends on
  $ findstatic --first -v 0 css/app.css    the path alone, for scripts
`;

const first = new Option('--first', 'stop at the first match of a name').conflicts(['why']);

/** Makes `command` the command findstatic. */
export function defineFindstatic(command: Command, understood: (invocation: Invocation) => void): void {
  command
    .description(
      'Says which files stand behind the names of static files. Exits with 1 when a name has none.',
    )
    .argument('<names...>', 'paths below the static URL, or public URLs')
    .addOption(first)
    .option('--why', 'say why files are published under their names; takes published names too');
  addCommonOptions(command)
    .addHelpText('after', EXAMPLES)
    .action((names: string[], values: FindValues) =>
      understood({
        command: 'findstatic',
        names,
        flags: { ...commonFlags(values), first: values.first ?? false, why: values.why ?? false },
      }),
    );
}
