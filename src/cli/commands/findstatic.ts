import { findstatic } from '../../findstatic.js';
import { loadSettings } from '../../settings/load.js';
import type { Settings } from '../../settings/settings.js';
import type { WhyResult, whystatic } from '../../why.js';
import type { ExitCode } from '../exit-code.js';
import { orInterrupted } from '../interruption.js';
import type { FindFlags } from '../invocation.js';
import type { SearchedRoot } from '../reporter.js';
import type { CommandContext } from './command-context.js';
import { loadCommandSettings } from './command-settings.js';

/** What the command calls; a test brings its own. */
export interface FindStages {
  readonly loadSettings: typeof loadSettings;
  readonly findstatic: typeof findstatic;
  readonly whystatic: typeof whystatic;
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
  const finding: Promise<readonly WhyResult[]> = flags.why
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
const loadAndAskWhy: typeof whystatic = async (...request) =>
  (await import('../../why.js')).whystatic(...request);
