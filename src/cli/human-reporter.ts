import type { CollectReport } from '../collectstatic.js';
import type { FindResult } from '../findstatic.js';
import type { Plan } from '../plan.js';
import { printable, quoted } from '../printable.js';
import type { ReferenceCounts } from '../reference-report.js';
import { withoutSecrets } from '../secrets.js';
import type { Warning } from '../static-file.js';
import type { WatchedRun } from '../watch.js';
import type { Colors } from './colors.js';
import type { CollectFlags, Verbosity } from './invocation.js';
import type { ProgressLine } from './progress-line.js';
import type { FindReport, Reporter } from './reporter.js';
import type { OutputStream } from './terminal.js';
import { cacheText } from './texts/cache.js';
import { conflictLine } from './texts/conflict-line.js';
import { failureText } from './texts/failure.js';
import { matchesText, noMatchText, searchedText } from './texts/matches.js';
import { planLine } from './texts/plan-lines.js';
import { prunedText, prunePlanText } from './texts/prune.js';
import { referencesText } from './texts/references.js';
import { releasesText } from './texts/releases.js';
import { answeredText, servingText } from './texts/serving.js';
import { summaryLine } from './texts/summary.js';
import { warningsText } from './texts/warnings.js';
import { watchedText } from './texts/watched.js';
import { whyText } from './texts/why.js';

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
    collected({ warnings, conflicts, counts, location, place, pruned }: CollectReport) {
      warned(warnings);
      if (verbosity >= 2) printLines([...conflicts.map(conflictLine), ...references.map(referencesText)]);
      if (verbosity >= 1)
        print(
          stdout,
          `\n${summaryLine({ counts, destination: location ?? place, link: link || counts.linked > 0 })}`,
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
