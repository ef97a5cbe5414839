import { type Command, Option } from 'commander';
import type { ExplainResult, explainStatic } from '../../explain.js';
import { findstatic } from '../../findstatic.js';
import { loadSettings } from '../../settings/load.js';
import type { Settings } from '../../settings/settings.js';
import type { FindFlags, Invocation, SearchedRoot } from '../reporter.js';
import { orInterrupted } from '../signals.js';
import type { ExitCode } from '../terminal.js';
import {
  addCommonOptions,
  type CommandContext,
  type CommonValues,
  commonFlags,
  loadCommandSettings,
} from './command.js';

/** What the command calls; a test brings its own. */
export interface FindStages {
  readonly loadSettings: typeof loadSettings;
  readonly findstatic: typeof findstatic;
  readonly whystatic: typeof explainStatic;
}

/** What is to be found, and how. */
export interface FindRequest {
  readonly names: readonly string[];
  readonly flags: FindFlags;
}

/** Runs findstatic and reports it; 1 where a name has no match, so that scripts can test for it. */
export async function runFindstatic(
  { names, flags }: FindRequest,
  context: CommandContext,
  stages: FindStages = { loadSettings, findstatic, whystatic: loadAndAskWhy },
): Promise<ExitCode> {
  const settings = await loadCommandSettings(stages.loadSettings, flags, context);
  const finding: Promise<readonly ExplainResult[]> = flags.why
    ? stages.whystatic(settings, names, { signal: context.signal })
    : stages.findstatic(settings, names, { first: flags.first });
  const results = await orInterrupted(finding, context.signal);
  context.reporter.found({ results, searched: searchedRoots(settings), ...(flags.why && { why: true }) });
  return results.every(({ matches }) => matches.length > 0) ? 0 : 1;
}

function searchedRoots({ finders }: Settings): readonly SearchedRoot[] {
  return finders.flatMap((finder) => finder.roots().map((root) => ({ ...root, finder: finder.name })));
}

/** Loaded when needed: it takes the stages of a whole run. */
const loadAndAskWhy: typeof explainStatic = async (...request) =>
  (await import('../../explain.js')).explainStatic(...request);

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
