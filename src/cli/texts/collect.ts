import type { CollectResult, CollectSummary } from '../../collectstatic.js';
import type { Conflict } from '../../finders/conflicts.js';
import { isManifest, isOriginal } from '../../model/output.js';
import type { StaticFile, Warning } from '../../model/static-file.js';
import type { PlanEntry } from '../../pipeline/plan.js';
import type { PublishedAmount } from '../../pipeline/result.js';
import type { ComputedName, ReferenceCounts } from '../../references/report.js';
import { withoutSecrets } from '../../secrets.js';
import { printableName, quoted } from '../../text/printable.js';
import type { WatchedRun } from '../../watchstatic.js';
import type { Verbosity } from '../reporter.js';
import { sizeText } from './format.js';

/**
 * Returns the line at the end of a run: what happened to the static files, and how much is published now.
 *
 * @param searched absolute paths of the folders that were searched
 * @example
 * '5312 static files: 14 copied, 5298 unmodified · 10,624 published (48 MB, 12 MB brotli) in 0.4 s'
 */
export function summaryLine(
  {
    dryRun,
    counts,
    published: amount,
    milliseconds,
  }: Pick<CollectSummary, 'dryRun' | 'counts' | 'published' | 'milliseconds'>,
  searched: readonly string[] = [],
): string {
  const would = dryRun ? 'would be ' : '';
  const parts = [
    counts.linked > 0 && `${numberText(counts.linked)} ${would}symlinked`,
    counts.copied > 0 && `${numberText(counts.copied)} ${would}copied`,
    counts.unmodified > 0 && `${numberText(counts.unmodified)} unmodified`,
    counts.deleted > 0 && `${numberText(counts.deleted)} ${would}deleted`,
    counts.reheadered > 0 && `${numberText(counts.reheadered)} ${would}given other headers`,
    counts.conflicts > 0 && `${numberText(counts.conflicts)} skipped due to conflict`,
  ].filter((part) => part !== false);
  const seconds = Object.values(milliseconds).reduce((sum, each) => sum + each, 0) / 1000;
  const published = `${numberText(amount.files)} ${would}published (${sizesText(amount)}) in ${seconds.toFixed(1)} s`;
  const files = `${numberText(counts.files)} static ${counts.files === 1 ? 'file' : 'files'}`;
  const line = `${parts.length === 0 ? files : `${files}: ${parts.join(', ')}`} · ${published}`;
  return counts.files === 0 ? `${line}\n${lookedText(searched)}` : line;
}

function lookedText(searched: readonly string[]): string {
  return searched.length === 0
    ? "No folder is searched. Make a folder 'static', or set staticfilesDirs or installedApps."
    : ['Looked in:', ...searched.map(printableName)].join('\n  ');
}

/** What browsers get first. */
const VARIANTS = [
  ['br', 'brotli'],
  ['zstd', 'zstd'],
  ['gzip', 'gzip'],
] as const;

/** `48 MB, 12 MB brotli` */
function sizesText({ size, variants }: PublishedAmount): string {
  const best = VARIANTS.find(([coding]) => variants[coding] !== undefined);
  const compressed = best === undefined ? '' : `, ${roundSize(variants[best[0]]!)} ${best[1]}`;
  return roundSize(size) + compressed;
}

function roundSize(bytes: number): string {
  return sizeText(bytes).replace(/(\d{2,})\.\d /, '$1 ');
}

/** `9999`, `10,000` */
function numberText(number: number): string {
  // Not toLocaleString(): loading the rules of languages takes longer than the rest of the output.
  return number < 10_000 ? `${number}` : `${number}`.replace(/\B(?=(\d{3})+$)/g, ',');
}

/**
 * Returns Django's sentence at the end of a run (`--summary django`). It leaves out numbers that are zero, except the
 * number of files that were copied or linked.
 *
 * @param link whether links were asked for
 */
export function djangoSummary(
  { dryRun, counts, folder, displayUrl }: Pick<CollectResult, 'dryRun' | 'counts' | 'folder' | 'displayUrl'>,
  link = counts.linked > 0,
): string {
  const would = dryRun ? 'would be ' : '';
  const parts = [
    counts.deleted > 0 && `${staticFiles(counts.deleted)} ${would}deleted`,
    link && `${staticFiles(counts.linked)} ${would}symlinked`,
    (!link || counts.copied > 0) && `${staticFiles(counts.copied)} ${would}copied`,
  ].filter((part) => part !== false);
  const rest = [
    counts.unmodified > 0 && `${counts.unmodified} unmodified`,
    counts.reheadered > 0 && `${counts.reheadered} ${would}given other headers`,
    counts.postProcessed > 0 && `${counts.postProcessed} ${would}post-processed`,
    counts.conflicts > 0 && `${counts.conflicts} skipped due to conflict`,
  ].filter((part) => part !== false);
  const destination = folder ?? displayUrl;
  const to = destination === undefined ? '' : ` to ${quoted(destination)}`;
  return `${[parts.join(', ') + to, ...rest].join(', ')}.`;
}

function staticFiles(count: number): string {
  return `${count} static ${count === 1 ? 'file' : 'files'}`;
}

/** Returns the line for one entry of a plan, or `undefined` if this verbosity has none. */
export function planLine(
  entry: PlanEntry,
  { dryRun, verbosity }: { readonly dryRun: boolean; readonly verbosity: Verbosity },
): string | undefined {
  if (verbosity < (dryRun && entry.action !== 'keep' ? 1 : 2)) return undefined;
  if (entry.action === 'keep') return `Skipping ${quoted(entry.publicPath)} (not modified)`;
  const line = dryRun ? `Would ${present(entry)}` : past(entry);
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

/** Whether a processor made or changed it. */
function isMade({ output }: PlanEntry): boolean {
  return output !== undefined && !isOriginal(output);
}

function asPublished({ output, publicPath }: PlanEntry): string {
  return `${quoted(output?.logicalPath ?? publicPath)} as ${quoted(publicPath)}`;
}

function source({ output, publicPath }: PlanEntry): string {
  return quoted(output?.source?.sourcePath ?? publicPath);
}

/** Returns the line for a conflict: the path, the winner, and whether the bytes differ. Reads both files. */
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

/** Whether the bytes are the same; `undefined` if a file can no longer be read. */
export function comparedBytes(conflict: Conflict): boolean | undefined {
  try {
    return conflict.sameBytes();
  } catch {
    return undefined;
  }
}

/** How many files a line names. */
const NAMED = 5;

/** Returns the line for a run after a change: the changes, the number of files published, and the time. */
export function watchedText({ changes, report: { plan }, milliseconds }: WatchedRun): string {
  const isWritten = ({ action, output, reason }: PlanEntry) =>
    (action === 'copy' || action === 'link') && reason !== 'headers' && !isManifest(output);
  const written = plan.filter(isWritten).length;
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

/** Returns how many files keep their names since computed URLs can name them, and which; `undefined` without such files. */
export function computedNamesText(names: readonly ComputedName[]): string | undefined {
  const count = new Set(names.flatMap(({ files }) => files)).size;
  if (count === 0) return undefined;
  const urls = [...new Set(names.map(({ file, pattern }) => `${quoted(pattern)} in ${quoted(file)}`))];
  const more = urls.length > NAMED ? ` and ${urls.length - NAMED} more` : '';
  const keep = count === 1 ? '1 file keeps its name' : `${count} files keep their names`;
  return `${keep}, since computed URLs can name ${count === 1 ? 'it' : 'them'}: ${urls.slice(0, NAMED).join(', ')}${more}.`;
}

/** Returns how many references of each kind were rewritten, and why the others were not. */
export function referencesText(byKind: ReferenceCounts): string {
  const lines = Object.entries(byKind)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([kind, counts]) => `${kind}: ${statusesText(counts)}`);
  return ['References:', ...(lines.length === 0 ? ['none'] : lines)].join('\n  ');
}

/** Rewritten first, then by number. */
function statusesText(counts: Readonly<Record<string, number>>): string {
  const rank = (status: string) => (status === 'rewritten' ? Infinity : counts[status]!);
  return Object.keys(counts)
    .sort((a, b) => rank(b) - rank(a))
    .map((status) => `${counts[status]} ${status}`)
    .join(', ');
}

/** Returns the lines of warnings. */
export function warningsText(warnings: readonly Warning[]): string {
  return warnings.map(({ message }) => `Warning: ${withoutSecrets(message)}\n`).join('');
}
