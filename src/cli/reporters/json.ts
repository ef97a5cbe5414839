import type { CollectResult } from '../../collectstatic.js';
import { StaticFilesError } from '../../errors.js';
import type { ExplainResult } from '../../explain.js';
import type { Warning } from '../../model/static-file.js';
import { publishedBy } from '../../pipeline/result.js';
import type { Pruned } from '../../prune/rules.js';
import type { ReferenceCounts } from '../../references/report.js';
import type { ReleaseSummary } from '../../releases/list.js';
import { withoutSecrets } from '../../secrets.js';
import { printable } from '../../text/printable.js';
import type { CommandName, FindReport, ReleasesReport, Reporter } from '../reporter.js';
import type { Terminal } from '../terminal.js';
import { comparedBytes } from '../texts/collect.js';
import { failureText, workerCrashedWarning } from '../texts/format.js';

/** Returns the reporter for programs: one JSON document on standard output, as docs/json.md describes. */
export function createJsonReporter(
  command: CommandName,
  { stdout, stderr }: Pick<Terminal, 'stdout' | 'stderr'>,
): Reporter {
  const warnings = new Map<string, Warning>();
  const addWarnings = (more: readonly Warning[]): void => {
    for (const { code, message } of more) warnings.set(message, { code, message: withoutSecrets(message) });
  };
  let references: ReferenceCounts | undefined;
  let isWatching = false;
  const print = (body: object): void => {
    stdout.write(`${printable(JSON.stringify({ command, ...body }))}\n`); // its escapes are JSON's
  };
  return {
    warned: addWarnings,
    planned() {},
    referenced(report) {
      if (!isWatching) references = { ...references, ...report.counts() };
    },
    planWritten() {},
    progressed() {},
    pause: () => stderr,
    collected(report) {
      addWarnings(report.warnings);
      print({ ...collectDocument(report, [...warnings.values()]), references: references ?? null });
    },
    watching() {
      isWatching = true; // documents of later runs have no references
      print({ watching: true });
    },
    collectedAgain({ report, changes, milliseconds }) {
      const files = filesOf(report.plan.filter(({ action }) => action !== 'keep'));
      const fresh = report.warnings.filter(({ message }) => !warnings.has(message));
      warnings.clear(); // a warning is new again after a run without it
      addWarnings(report.warnings);
      print({
        changes: Object.fromEntries(changes),
        counts: report.counts,
        files,
        warnings: fresh.map(({ code, message }) => ({ code, message: withoutSecrets(message) })),
        milliseconds: Math.round(milliseconds),
      });
    },
    serving: ({ url, from, workers }) =>
      print({ listening: url, root: from ?? null, ...(workers !== undefined && { workers }) }),
    answered: ({ source, ...request }) => print({ ...request, source: source ?? null }),
    workerCrashed: (reason, wait) => print({ warnings: [workerCrashedWarning(reason, wait)] }),
    brokenReference: (message) =>
      print({ warnings: [{ code: 'missing-reference', message: withoutSecrets(message) }] }),
    found: (report) => print(findDocument(report, [...warnings.values()])),
    cached: (report) => print({ ...report, warnings: [...warnings.values()] }),
    released: (report) => print({ ...releasesDocument(report), warnings: [...warnings.values()] }),
    pruning() {},
    pruned({ dryRun, folder, displayUrl, ...pruned }) {
      const where = { folder: folder ?? null, displayUrl: displayUrl ?? null };
      const document = { dryRun, ...where, ...prunedDocument(pruned) };
      print({ ...document, warnings: [...warnings.values()] });
    },
    failed(error) {
      print({ error: errorObject(error), warnings: [...warnings.values()] });
      // The document has no place for a stack, and a defect cannot be fixed without one.
      if (!(error instanceof StaticFilesError)) stderr.write(`${printable(failureText(error, 1))}\n`);
    },
  };
}

function collectDocument(report: CollectResult, warnings: readonly Warning[]) {
  return {
    dryRun: report.dryRun,
    folder: report.folder ?? null,
    displayUrl: report.displayUrl ?? null,
    counts: report.counts,
    published: publishedBy(report.plan),
    files: filesOf(report.plan),
    conflicts: report.conflicts.map((conflict) => ({
      path: conflict.logicalPath,
      winner: conflict.winner.sourcePath,
      shadowed: conflict.shadowed.sourcePath,
      sameBytes: comparedBytes(conflict) ?? null,
    })),
    ...(report.pruned && { pruned: prunedDocument(report.pruned) }),
    warnings,
    milliseconds: report.milliseconds,
  };
}

function filesOf(plan: CollectResult['plan']) {
  return plan.map(({ action, publicPath, reason, output }) => ({
    action,
    path: publicPath,
    reason,
    source: output?.source?.sourcePath ?? null,
  }));
}

function whyDocument({ publicPath, isOutdated, explanation }: Partial<ExplainResult>): object | null {
  if (publicPath === undefined) return null;
  return { path: publicPath, ...(isOutdated && { isOutdated }), ...explanation };
}

function findDocument({ results, searched, why }: FindReport, warnings: readonly Warning[]): object {
  return {
    results: results.map(({ name, logicalPath, matches, hidden, nearest, ...named }) => ({
      name,
      path: logicalPath,
      matches: matches.map(({ sourcePath, directory, finder, root, sameBytes }) => ({
        source: sourcePath,
        directory,
        finder,
        setting: root.setting,
        sameBytes: sameBytes ?? null,
      })),
      hidden: hidden === undefined ? null : { source: hidden.sourcePath, pattern: hidden.pattern },
      nearest,
      ...(why && { why: whyDocument(named) }),
    })),
    searched: searched.map(({ dir, prefix, finder, setting }) => ({ dir, prefix, finder, setting })),
    warnings,
  };
}

function errorObject(error: unknown): object {
  if (error instanceof StaticFilesError) {
    const { code, message, details } = error;
    return { code, message, ...(Object.keys(details).length > 0 && { details }) };
  }
  const message = error instanceof Error ? error.message : String(error);
  return { code: 'unexpected', message: withoutSecrets(message) };
}

/** The document of a releases command. */
function releasesDocument(report: ReleasesReport): object {
  switch (report.verb) {
    case 'list':
      return { action: 'list', active: report.active ?? null, releases: report.releases.map(summary) };
    case 'show':
      return {
        action: 'show',
        release: summary(report),
        contents: report.contents.map(({ publicPath, size, only }) => ({
          path: publicPath,
          size: size ?? null,
          only,
        })),
      };
    case 'diff':
      return {
        ...{ action: 'diff', from: report.from, to: report.to, same: report.same },
        changes: report.changes.map(({ logicalPath, change, from, to }) => ({
          ...{ path: logicalPath, change, from: from ?? null, to: to ?? null },
        })),
      };
    case 'activate':
      return {
        ...{ action: 'activate', id: report.id, previous: report.previous ?? null },
        otherBytes: report.otherBytes,
      };
    case 'remove':
      return { action: 'remove', id: report.id, only: report.only };
  }
}

function summary({ id, published, active, files, size, only }: ReleaseSummary): object {
  return { id, published: published?.toISOString() ?? null, active, files, size, only };
}

/** The part of a document about pruning. */
function prunedDocument({ plan, deleted, tooMany }: Pruned): object {
  return {
    ...{ deleted, tooMany },
    quietUntil: plan.quietUntil?.toISOString() ?? null,
    releases: plan.releases.map(({ id, published, fate, reason }) => ({
      ...{ id, published: published?.toISOString() ?? null, fate, reason },
    })),
    files: plan.files.map(({ publicPath, size, reason }) => ({ path: publicPath, size, reason })),
    spared: plan.spared.map(({ publicPath, reason }) => ({ path: publicPath, reason })),
  };
}
