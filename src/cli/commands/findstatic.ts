import { type Command, Option } from 'commander';
import type { ExplainResult } from '../../explain.js';
import { orInterrupted } from '../signals.js';
import type { ExitCode } from '../terminal.js';
import { addCommon, type CommandContext, type Example, type Start, searchedRoots } from './command.js';

interface Flags {
  readonly first?: boolean;
  readonly why?: boolean;
}

/** The exit code is 1 if a name has no match, for scripts. */
async function run(
  { settings, reporter, signal }: CommandContext,
  { why = false, ...options }: Flags,
  names: readonly string[],
): Promise<ExitCode> {
  const find = async (): Promise<readonly ExplainResult[]> => {
    if (why) return (await import('../../explain.js')).explainStatic(settings, names, { signal });
    return (await import('../../findstatic.js')).findstatic(settings, names, options);
  };
  const results = await orInterrupted(find(), signal);
  reporter.found({ results, searched: searchedRoots(settings), why });
  return results.every(({ matches }) => matches.length > 0) ? 0 : 1;
}

const EXAMPLES: readonly Example[] = [
  ['findstatic css/app.css', 'show where the file comes from'],
  ['findstatic -v 2 /static/css/app.css', 'show all candidates for a URL, and which one wins'],
  ['findstatic --why css/app.css', 'show why it has its published name'],
  ['findstatic --first -v 0 css/app.css', 'print only the path, for scripts'],
];

/** Defines findstatic. */
export function defineFindstatic(command: Command, start: Start): void {
  command
    .description('Show which files a name resolves to')
    .argument('<names...>', 'paths below the static URL, or public URLs')
    .addOption(new Option('--first', 'stop at the first match of a name').conflicts(['why']))
    .option('--why', 'explain why a file has its published name; accepts published names too');
  addCommon(command, EXAMPLES, { failed: 'failed, or a name has no match' }).action(() =>
    start(command, run),
  );
}
