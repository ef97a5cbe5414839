import type { Conflict } from '../../finders/conflicts.js';
import { isManifest, isOriginal } from '../../model/output.js';
import type { StaticFile, Warning } from '../../model/static-file.js';
import type { PlanEntry } from '../../pipeline/plan.js';
import type { CollectCounts } from '../../pipeline/result.js';
import type { ReferenceCounts } from '../../references/report.js';
import { withoutSecrets } from '../../secrets.js';
import { printableName, quoted } from '../../text/printable.js';
import type { WatchedRun } from '../../watchstatic.js';
import type { Verbosity } from '../reporter.js';

/** What the summary tells of. */
export interface Summary {
  readonly counts: CollectCounts;
  /** Where the files went. */
  readonly destination?: string | undefined;
  /** Whether links were asked for. */
  readonly link: boolean;
}

/** The sentence at the end of a run, in Django's words: parts that are zero are left out, save what it was to do. */
export function summaryLine({ counts, destination, link }: Summary): string {
  const parts = [
    counts.deleted > 0 && `${staticFiles(counts.deleted)} deleted`,
    link && `${staticFiles(counts.linked)} symlinked`,
    (!link || counts.copied > 0) && `${staticFiles(counts.copied)} copied`,
  ].filter((part) => part !== false);
  const rest = [
    counts.unmodified > 0 && `${counts.unmodified} unmodified`,
    counts.reheadered > 0 && `${counts.reheadered} given other headers`,
    counts.postProcessed > 0 && `${counts.postProcessed} post-processed`,
    counts.conflicts > 0 && `${counts.conflicts} skipped due to conflict`,
  ].filter((part) => part !== false);
  const to = destination === undefined ? '' : ` to ${quoted(destination)}`;
  return `${[parts.join(', ') + to, ...rest].join(', ')}.`;
}

function staticFiles(count: number): string {
  return `${count} static ${count === 1 ? 'file' : 'files'}`;
}

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

/** One conflict: the path, who wins over whom, and whether that makes a difference. Reads both files. */
export function conflictLine(conflict: Conflict): string {
  return (
    `Found another file with the destination path ${quoted(conflict.logicalPath)}. ` +
    'It will be ignored since only the first encountered file is collected: ' +
    `${origin(conflict.winner)} wins over ${origin(conflict.shadowed)}; ${difference(conflict)}.`
  );
}

function origin({ sourcePath, root }: StaticFile): string {
  return `${quoted(sourcePath)} from ${printableName(root.setting)}`;
}

function difference(conflict: Conflict): string {
  const same = comparedBytes(conflict);
  if (same === undefined) return 'one of them can no longer be read, so they could not be compared';
  return same ? 'their bytes are the same' : 'their bytes differ';
}

/** Whether the bytes are the same; `undefined` where a file has become unreadable since, which undoes no run. */
export function comparedBytes(conflict: Conflict): boolean | undefined {
  try {
    return conflict.sameBytes();
  } catch {
    return undefined;
  }
}

/** How many files a line names. */
const NAMED = 3;

/** One line for a run that followed a change: what had changed, what was done, and how long it took. */
export function watchedText({ changes, report: { counts }, milliseconds }: WatchedRun): string {
  const written = counts.copied + counts.linked + counts.postProcessed;
  return `${changesText(changes)}: ${files(written)} published in ${Math.round(milliseconds)} ms.`;
}

const CHANGES = { added: 'added', changed: 'changed', moved: 'found elsewhere', removed: 'removed' } as const;

function changesText(changes: WatchedRun['changes']): string {
  const named = Array.from(
    changes,
    ([logicalPath, change]) => `${printableName(logicalPath)} ${CHANGES[change]}`,
  );
  const others = named.length - NAMED;
  const text = named.slice(0, NAMED).join(', ');
  return others > 0 ? `${text} and ${others} more` : text;
}

function files(count: number): string {
  return `${count} ${count === 1 ? 'file' : 'files'}`;
}

/** How many references of each kind were rewritten, and why the others were not. */
export function referencesText(byKind: ReferenceCounts): string {
  const lines = Object.entries(byKind)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([kind, counts]) => `${kind}: ${statusesText(counts)}`);
  return ['References:', ...(lines.length === 0 ? ['none'] : lines)].join('\n  ');
}

/** The rewritten ones first, then by number. */
function statusesText(counts: Readonly<Record<string, number>>): string {
  const rank = (status: string) => (status === 'rewritten' ? Infinity : counts[status]!);
  return Object.keys(counts)
    .sort((a, b) => rank(b) - rank(a))
    .map((status) => `${counts[status]} ${status}`)
    .join(', ');
}

/** Warnings as text, one a line. */
export function warningsText(warnings: readonly Warning[]): string {
  return warnings.map(({ message }) => `Warning: ${withoutSecrets(message)}\n`).join('');
}
