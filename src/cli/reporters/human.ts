import type { CacheAmount, CachePruneReport, CacheReport } from '../../cache/prune-cache.js';
import type { CollectSummary } from '../../collectstatic.js';
import type { FindResult } from '../../findstatic.js';
import type { Warning } from '../../model/static-file.js';
import { publishedBy } from '../../pipeline/result.js';
import type { ComputedName, ReferenceCounts } from '../../references/report.js';
import { printable, printableName, quoted } from '../../text/printable.js';
import type { WatchedRun } from '../../watchstatic.js';
import type { ProgressLine } from '../progress.js';
import type { Answered, FindReport, Reporter, Serving, SummaryOptions, Verbosity } from '../reporter.js';
import type { Colors, OutputStream } from '../terminal.js';
import {
  computedNamesText,
  conflictLine,
  djangoSummary,
  planLine,
  referencesText,
  summaryLine,
  warningsText,
  watchedText,
} from '../texts/collect.js';
import { matchesText, noMatchText, searchedText, whyText } from '../texts/find.js';
import { failureText, sizeText, withPositionsFrom, workerCrashedWarning } from '../texts/format.js';
import { prunedText, prunePlanText, releasesText } from '../texts/releases.js';

const NOTHING = { files: 0, size: 0, variants: {} };

export interface HumanReporterOptions {
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  /** Colours of standard error; standard output has none. */
  readonly colors: Colors;
  readonly progress?: ProgressLine | undefined;
  readonly verbosity: Verbosity;
  /** Returns the current folder. */
  cwd(): string;
}

/** Returns the reporter for a terminal or a log. Its words are Django's, if Django has the same message. */
export function createHumanReporter(options: HumanReporterOptions): Reporter {
  const { stderr, stdout, colors, progress, verbosity } = options;
  let reported: ReadonlySet<string> = new Set();
  const references: ReferenceCounts[] = [];
  const computedNames: ComputedName[] = [];

  const print = (stream: OutputStream, text: string, painted = (plain: string) => plain): void => {
    progress?.erase();
    if (text !== '') stream.write(`${painted(printable(text))}\n`);
  };
  const printProblem = (text: string, painted: (plain: string) => string): void =>
    print(stderr, withPositionsFrom(options.cwd, text), painted);
  const printLines = (lines: readonly (string | undefined)[]): void =>
    print(stdout, lines.filter((line) => line !== undefined).join('\n'));

  const warned = (warnings: readonly Warning[]): void => {
    if (verbosity === 0) return;
    const fresh = warnings.filter(
      (warning) => (warning.verbosity ?? 1) <= verbosity && !reported.has(warning.message),
    );
    reported = new Set([...reported, ...fresh.map(({ message }) => message)]);
    printProblem(warningsText(fresh).trimEnd(), colors.yellow);
  };

  /** A warning is new again after a run without it. */
  const warnedInRun = (warnings: readonly Warning[]): void => {
    const present = new Set(warnings.map(({ message }) => message));
    reported = new Set([...reported].filter((message) => present.has(message)));
    warned(warnings);
  };

  const summarized = (
    result: CollectSummary,
    { link, summary, searched = [] }: SummaryOptions = {},
  ): void => {
    const { warnings, conflicts, pruned } = result;
    warned(warnings);
    if (verbosity >= 2) printLines([...conflicts.map(conflictLine), ...references.map(referencesText)]);
    const line = () =>
      summary === 'django'
        ? djangoSummary(result, link)
        : summaryLine(
            result,
            searched.map(({ dir }) => dir),
          );
    if (verbosity >= 1) printLines([computedNamesText(result.computedNames), `\n${line()}`]);
    if (verbosity >= 1 && pruned && !pruned.plan.quietUntil) print(stdout, prunedText(pruned, result.dryRun));
    progress?.erase();
  };

  return {
    warned,
    planned(plan, { dryRun = false }) {
      if (dryRun || verbosity >= 2) printLines(plan.map((entry) => planLine(entry, { dryRun, verbosity })));
    },
    referenced(report) {
      if (verbosity >= 1) computedNames.push(...report.computedNames());
      if (verbosity >= 2) references.push(report.counts());
    },
    progressed: (...progressed) => progress?.update(...progressed),
    pause() {
      progress?.erase();
      return stdout;
    },
    collected({ plan, ...result }, options) {
      const published = verbosity >= 1 ? publishedBy(plan) : NOTHING;
      summarized({ ...result, published, computedNames }, options);
    },
    ...(verbosity < 2 && { summarized }), // from 2 on each file is shown
    planWritten(file) {
      if (verbosity >= 1) print(stdout, `The plan is in ${quoted(file)}. Apply it with 'staticfiles apply'.`);
    },
    watching() {
      if (verbosity >= 1) print(stdout, 'Watching for changes (press Ctrl-C to stop)');
    },
    collectedAgain(run: WatchedRun) {
      warnedInRun(run.report.warnings);
      if (verbosity >= 1) print(stdout, watchedText(run));
    },
    serving(server) {
      if (verbosity >= 1) print(stdout, servingText(server));
    },
    answered(request) {
      if (verbosity >= 1) print(stdout, answeredText(request));
    },
    workerCrashed(reason, wait) {
      if (verbosity >= 1)
        printProblem(warningsText([workerCrashedWarning(reason, wait)]).trimEnd(), colors.yellow);
    },
    brokenReference(message) {
      if (verbosity >= 1)
        printProblem(warningsText([{ code: 'missing-reference', message }]).trimEnd(), colors.yellow);
    },
    found({ results, searched, why }: FindReport) {
      for (const result of results) {
        const where = verbosity >= 2 ? searchedText(searched) : undefined;
        if (result.matches.length > 0)
          printLines(
            why
              ? [matchesText(result, verbosity || 1, true), whyText(result), where]
              : [matchesText(result, verbosity), where],
          );
        else if (verbosity >= 1) print(stderr, noMatch(result, where));
      }
    },
    cached(report) {
      if (verbosity >= 1) print(stdout, cacheText(report));
    },
    released(report) {
      if (verbosity >= 1) print(stdout, releasesText(report, verbosity));
    },
    pruning(plan, { dryRun = false }) {
      if (verbosity >= 1) print(stdout, prunePlanText(plan, dryRun));
    },
    pruned(result) {
      if (verbosity >= 1) print(stdout, `\n${prunedText(result, result.dryRun)}`);
    },
    failed: (error) => printProblem(failureText(error, verbosity), colors.red),
  };
}

function noMatch(result: FindResult, where: string | undefined): string {
  return where === undefined ? noMatchText(result) : `${noMatchText(result)}\n\n${where}`;
}

function servingText({ url, from, workers }: Serving): string {
  const what = from === undefined ? 'the sources' : quoted(from);
  const by = workers === undefined ? '' : ` with ${counted(workers, 'worker')}`;
  return `Serving ${what} at ${printableName(url)}${by} (press Ctrl-C to stop)`;
}

/** One line a request: its status, and the source that answers it. */
function answeredText({ method, url, status, source }: Answered): string {
  const found = source === undefined ? '' : ` from ${quoted(source)}`;
  return `${status} ${printableName(method)} ${quoted(url)}${found}`;
}

/** How much was deleted, and how much the cache holds. */
function cacheText(report: CacheReport | CachePruneReport): string {
  const { folder, packs, size, sizeOnDisk } = report;
  const sizes = `${sizeText(size)}, ${sizeText(sizeOnDisk)} on the disk`;
  const inPacks = report.entries === 0 ? '' : ` in ${counted(packs, 'file')}`;
  const holds = `${quoted(folder)} holds ${entriesText(report)}${inPacks}${restText(report)} (${sizes}).`;
  return 'deleted' in report ? `${deletedText(report.deleted)}\n${holds}` : holds;
}

function deletedText(deleted: CacheAmount): string {
  return `Deleted ${entriesText(deleted)}${restText(deleted)} (${sizeText(deleted.size)}).`;
}

function entriesText({ entries }: CacheAmount): string {
  return counted(entries, 'compressed content');
}

function restText({ records, temporaries, others }: CacheAmount): string {
  const rest = [
    counted(records, 'record'),
    temporaries > 0 && counted(temporaries, 'temporary file'),
    others > 0 && counted(others, 'other file'),
  ];
  return rest
    .filter(Boolean)
    .map((each) => `, ${each}`)
    .join('');
}

function counted(number: number, thing: string): string {
  return `${number} ${thing}${number === 1 ? '' : 's'}`;
}
