import type { CacheAmount, CachePruneReport, CacheReport } from '../../cache/prune-cache.js';
import type { CollectResult } from '../../collectstatic.js';
import type { FindResult } from '../../findstatic.js';
import type { Warning } from '../../model/static-file.js';
import type { Plan } from '../../pipeline/plan.js';
import type { ReferenceCounts } from '../../references/report.js';
import { withoutSecrets } from '../../secrets.js';
import { printable, printableName, quoted } from '../../text/printable.js';
import type { WatchedRun } from '../../watchstatic.js';
import type { ProgressLine } from '../progress.js';
import type { Answered, CollectFlags, FindReport, Reporter, Serving, Verbosity } from '../reporter.js';
import type { Colors, OutputStream } from '../terminal.js';
import {
  conflictLine,
  planLine,
  referencesText,
  summaryLine,
  warningsText,
  watchedText,
} from '../texts/collect.js';
import { matchesText, noMatchText, searchedText, whyText } from '../texts/find.js';
import { failureText, sizeText } from '../texts/format.js';
import { prunedText, prunePlanText, releasesText } from '../texts/releases.js';

export interface HumanReporterOptions {
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  /** Those for standard error; standard output has none. */
  readonly colors: Colors;
  readonly progress: ProgressLine;
  readonly verbosity: Verbosity;
  /** What collectstatic was asked to do; none for other commands. */
  readonly collect?: Pick<CollectFlags, 'dryRun' | 'link'>;
}

/** Tells people, in Django's words. */
export function createHumanReporter(options: HumanReporterOptions): Reporter {
  const { stderr, stdout, colors, progress, verbosity } = options;
  const { dryRun, link } = options.collect ?? { dryRun: false, link: false };
  let told: ReadonlySet<string> = new Set();
  const references: ReferenceCounts[] = [];

  const print = (stream: OutputStream, text: string, painted = (plain: string) => plain): void => {
    progress.erase();
    if (text !== '') stream.write(`${painted(printable(text))}\n`);
  };
  const printLines = (lines: readonly (string | undefined)[]): void =>
    print(stdout, lines.filter((line) => line !== undefined).join('\n'));

  const warned = (warnings: readonly Warning[]): void => {
    if (verbosity === 0) return;
    const fresh = warnings.filter(
      (warning) => (warning.verbosity ?? 1) <= verbosity && !told.has(warning.message),
    );
    told = new Set([...told, ...fresh.map(({ message }) => message)]);
    print(stderr, warningsText(fresh).trimEnd(), colors.yellow);
  };

  /** A warning that a later run no longer has is new when it comes back. */
  const warnedInRun = (warnings: readonly Warning[]): void => {
    const present = new Set(warnings.map(({ message }) => message));
    told = new Set([...told].filter((message) => present.has(message)));
    warned(warnings);
  };

  return {
    warned,
    planned: (plan: Plan) => printLines(plan.map((entry) => planLine(entry, { dryRun, verbosity }))),
    referenced: (counts) => references.push(counts),
    progressed: progress.update,
    paused: progress.erase,
    collected({ warnings, conflicts, counts, folder, displayUrl, pruned }: CollectResult) {
      warned(warnings);
      if (verbosity >= 2) printLines([...conflicts.map(conflictLine), ...references.map(referencesText)]);
      if (verbosity >= 1)
        print(
          stdout,
          `\n${summaryLine({ counts, destination: folder ?? displayUrl, link: link || counts.linked > 0 })}`,
        );
      if (verbosity >= 1 && pruned && !pruned.plan.quietUntil) print(stdout, prunedText(pruned, dryRun));
      progress.erase();
    },
    planWritten(file) {
      if (verbosity >= 1)
        print(stdout, `The plan is in ${quoted(file)}: 'staticfiles apply' carries it out.`);
    },
    watching() {
      if (verbosity >= 1) print(stdout, 'Watching for changes; Ctrl-C ends it.');
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
    brokenReference(message) {
      if (verbosity >= 1) print(stderr, `Warning: ${withoutSecrets(message)}`, colors.yellow);
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
    pruning(plan, how) {
      if (verbosity >= 1) print(stdout, prunePlanText(plan, how.dryRun));
    },
    pruned(report) {
      if (verbosity >= 1) print(stdout, `\n${prunedText(report, report.dryRun)}`);
    },
    failed: (error) => print(stderr, failureText(error, verbosity), colors.red),
  };
}

function noMatch(result: FindResult, where: string | undefined): string {
  return where === undefined ? noMatchText(result) : `${noMatchText(result)}\n\n${where}`;
}

function servingText({ url, from }: Serving): string {
  const what = from === undefined ? 'the sources, as they are,' : quoted(from);
  return `Serving ${what} at ${printableName(url)}; Ctrl-C ends it.`;
}

/** One line for a request: its status, and where it was found. */
function answeredText({ method, url, status, source }: Answered): string {
  const found = source === undefined ? '' : ` from ${quoted(source)}`;
  return `${status} ${printableName(method)} ${quoted(url)}${found}`;
}

/** What the cache holds, and what was deleted of it. */
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
