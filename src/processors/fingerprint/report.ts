import { readBody } from '../../model/body.js';
import { positionsOf } from '../../references/position.js';
import type {
  FoundReference,
  NameExplanation,
  ReferenceCounts,
  ReferenceReport,
} from '../../references/report.js';
import { compareCodePoints } from '../../text/code-points.js';
import type { Classifier, Link } from './links.js';
import type { NamedFile } from './names.js';
import type { PossibleReferences } from './possible.js';
import type { TrackedFile } from './track-files.js';

/** The references and names of a run's files. */
export interface Findings {
  readonly files: readonly TrackedFile[];
  readonly links: readonly (readonly Link[])[];
  readonly classifier: Classifier;
  /** Strings that name files; `undefined` if nobody asked for them. */
  readonly possible: PossibleReferences | undefined;
  /** `undefined` until the files are named. */
  named: readonly NamedFile[] | undefined;
}

/** Returns a report whose answers are computed when they are asked for. */
export function referenceReport(findings: Findings): ReferenceReport {
  return {
    counts: () => countStatuses(findings),
    list: () => listReferences(findings),
    bareSpecifiers: () => bareSpecifiers(findings),
    explain: (logicalPath) => explain(findings, logicalPath),
  };
}

interface Entry extends Pick<FoundReference, 'kind' | 'status' | 'target'> {
  readonly start: number;
  readonly end: number;
}

/** The references of a file by position. A file that could not be scanned has one entry, `unscanned`. */
function entriesOf(file: TrackedFile, { classifier, possible }: Findings): readonly Entry[] {
  const { references = [], skipped = [], warnings = [] } = file.digest.scan ?? {};
  const entries: Entry[] = [
    ...warnings.map(({ code }) => ({ kind: code, start: 0, end: 0, status: 'unscanned' })),
    ...references.map((reference) => {
      const { kind, start, end } = reference;
      const { status, logicalPath } = classifier.classify(reference, file);
      return { kind, start, end, status, ...(logicalPath !== undefined && { target: logicalPath }) };
    }),
    ...skipped.map((reference) => {
      const { kind, start, end } = reference;
      return { kind, start, end, status: classifier.classifySkipped(reference, file) };
    }),
    ...(possible?.get(file) ?? []).map(({ kind, start, end, target }) => {
      return { kind, start, end, target, status: 'possible' };
    }),
  ];
  return entries.sort((a, b) => a.start - b.start);
}

function countStatuses(findings: Findings): ReferenceCounts {
  const counts: Record<string, Record<string, number>> = {};
  for (const file of findings.files) {
    for (const { kind, status } of entriesOf(file, findings)) {
      counts[kind] ??= {};
      counts[kind][status] = (counts[kind][status] ?? 0) + 1;
    }
  }
  return counts;
}

function bareSpecifiers({ files }: Findings): ReadonlyMap<string, readonly string[]> {
  const wanted = new Map<string, Set<string>>();
  for (const { output, digest } of files) {
    for (const { specifier } of digest.scan?.skipped ?? []) {
      if (specifier === undefined) continue;
      const by = wanted.get(specifier) ?? new Set();
      wanted.set(specifier, by.add(output.logicalPath));
    }
  }
  return new Map(Array.from(wanted, ([specifier, by]) => [specifier, [...by].sort(compareCodePoints)]));
}

function* listReferences(findings: Findings): Generator<FoundReference> {
  const sorted = [...findings.files].sort((a, b) =>
    compareCodePoints(a.output.logicalPath, b.output.logicalPath),
  );
  for (const file of sorted) {
    const entries = entriesOf(file, findings);
    if (entries.length > 0) yield* withPositions(entries, file);
  }
}

function* withPositions(entries: readonly Entry[], { output, body }: TrackedFile): Generator<FoundReference> {
  const bytes = Buffer.from(readBody(body));
  const positions = positionsOf(
    bytes,
    entries.map(({ start }) => start),
  );
  for (const [index, { kind, start, end, status, target }] of entries.entries()) {
    const { line, column } = positions[index]!;
    yield {
      file: output.logicalPath,
      ...(output.source && { source: output.source.sourcePath }),
      ...{ line, column, kind, text: bytes.toString('utf8', start, end) },
      ...(target !== undefined && { target }),
      status,
    };
  }
}

function explain(findings: Findings, logicalPath: string): NameExplanation | undefined {
  const { files, links, named } = findings;
  const index = files.findIndex(({ output }) => output.logicalPath === logicalPath);
  if (index === -1 || named === undefined) return undefined;
  const { keepsName } = files[index]!;
  const { cycle } = named[index]!;
  const referring = [...links.keys()].filter((at) => links[at]!.some(({ target }) => target === index));
  const paths = (indexes: Iterable<number>) =>
    Array.from(indexes, (at) => files[at]!.output.logicalPath).sort(compareCodePoints);
  return {
    ...(keepsName && { keepsName }),
    refersTo: paths(targetsOf(links[index]!)),
    referredToBy: paths(referring),
    ...(cycle && { cycle: paths(cycle) }),
    dependsOn: keepsName ? [] : paths(reachableFrom(index, named)),
  };
}

function targetsOf(links: readonly Link[]): ReadonlySet<number> {
  return new Set(links.flatMap(({ target }) => target ?? []));
}

function reachableFrom(start: number, named: readonly NamedFile[]): ReadonlySet<number> {
  const reached = new Set([start]);
  for (const index of reached) for (const target of named[index]!.targets) reached.add(target);
  reached.delete(start);
  return reached;
}
