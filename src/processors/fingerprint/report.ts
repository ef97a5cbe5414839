import { readBody } from '../../model/body.js';
import { decodedText } from '../../references/encoding.js';
import { isOnlyWithFile } from '../../references/link-kinds.js';
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
import type { TrackedFile } from './track-files.js';

/** The references and names of a run's files. */
export interface Findings {
  readonly files: readonly TrackedFile[];
  readonly links: readonly (readonly Link[])[];
  readonly classifier: Classifier;
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
function entriesOf(file: TrackedFile, classifier: Classifier): readonly Entry[] {
  const { references = [], skipped = [], warnings = [] } = file.digest.scan ?? {};
  const entries: Entry[] = [
    ...warnings.map(({ code }) => ({ kind: code, start: 0, end: 0, status: 'unscanned' })),
    ...references.flatMap((reference) => {
      const { kind, start, end } = reference;
      const { status, logicalPath } = classifier.classify(reference, file);
      if (logicalPath === undefined && isOnlyWithFile(kind)) return [];
      return { kind, start, end, status, ...(logicalPath !== undefined && { target: logicalPath }) };
    }),
    ...skipped.map((reference) => {
      const { kind, start, end } = reference;
      return { kind, start, end, status: classifier.classifySkipped(reference, file) };
    }),
  ];
  return entries.sort((a, b) => a.start - b.start);
}

function countStatuses({ files, classifier }: Findings): ReferenceCounts {
  const counts: Record<string, Record<string, number>> = {};
  for (const file of files) {
    for (const { kind, status } of entriesOf(file, classifier)) {
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

function* listReferences({ files, classifier }: Findings): Generator<FoundReference> {
  const sorted = [...files].sort((a, b) => compareCodePoints(a.output.logicalPath, b.output.logicalPath));
  for (const file of sorted) {
    const entries = entriesOf(file, classifier);
    if (entries.length > 0) yield* withPositions(entries, file);
  }
}

function* withPositions(
  entries: readonly Entry[],
  { output, body, digest }: TrackedFile,
): Generator<FoundReference> {
  const encoding = digest.scan?.encoding;
  const bytes = Buffer.from(readBody(body));
  const positions = positionsOf(
    bytes,
    entries.map(({ start }) => start),
    encoding,
  );
  for (const [index, { kind, start, end, status, target }] of entries.entries()) {
    const { line, column } = positions[index]!;
    yield {
      file: output.logicalPath,
      ...(output.source && { source: output.source.sourcePath }),
      ...{ line, column, kind, text: shownText(bytes, start, end, encoding) },
      ...(target !== undefined && { target }),
      status,
    };
  }
}

/** Enough to recognize a URL that contains its content, which may have megabytes. */
const SHOWN_DATA = 60;

function shownText(bytes: Buffer, start: number, end: number, encoding: string | undefined): string {
  const text = decodedText(bytes, start, end, encoding);
  const isLong = text.length > SHOWN_DATA && /^\s*data:/i.test(text);
  return isLong ? `${text.slice(0, SHOWN_DATA)}…` : text;
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
