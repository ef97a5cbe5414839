import { isManifest, isOriginal } from '../../output.js';
import type { PlanEntry } from '../../plan.js';
import { quoted } from '../../printable.js';
import type { Verbosity } from '../invocation.js';

/** How a run is told. */
export interface PlanVoice {
  readonly dryRun: boolean;
  readonly verbosity: Verbosity;
}

/** The line for one step of a plan, in Django's words; `undefined` where this verbosity has none. */
export function planLine(entry: PlanEntry, { dryRun, verbosity }: PlanVoice): string | undefined {
  if (verbosity < (dryRun && entry.action !== 'keep' ? 1 : 2)) return undefined;
  if (entry.action === 'keep') return `Skipping ${quoted(entry.publicPath)} (not modified)`;
  const line = dryRun ? `Pretending to ${present(entry)}` : past(entry);
  return verbosity >= 3 ? `${line} (${entry.reason})` : line;
}

function present(entry: PlanEntry): string {
  if (entry.action === 'delete') return `delete ${quoted(entry.publicPath)}`;
  if (entry.reason === 'headers') return `change the headers of ${quoted(entry.publicPath)}`;
  if (isManifest(entry.output)) return `write ${quoted(entry.publicPath)}`;
  if (isMade(entry)) return `post-process ${asPublished(entry)}`;
  return `${entry.action} ${source(entry)}`;
}

function past(entry: PlanEntry): string {
  if (entry.action === 'delete') return `Deleting ${quoted(entry.publicPath)}`;
  if (entry.reason === 'headers') return `Changing the headers of ${quoted(entry.publicPath)}`;
  if (isManifest(entry.output)) return `Writing ${quoted(entry.publicPath)}`;
  if (isMade(entry)) return `Post-processed ${asPublished(entry)}`;
  return `${entry.action === 'link' ? 'Linking' : 'Copying'} ${source(entry)}`;
}

/** Whether a processor had a hand in it. */
function isMade({ output }: PlanEntry): boolean {
  return output !== undefined && !isOriginal(output);
}

function asPublished({ output, publicPath }: PlanEntry): string {
  return `${quoted(output?.logicalPath ?? publicPath)} as ${quoted(publicPath)}`;
}

function source({ output, publicPath }: PlanEntry): string {
  return quoted(output?.source?.sourcePath ?? publicPath);
}
