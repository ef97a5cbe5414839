import { readBody } from '../../model/body.js';
import { decodedText } from '../../references/encoding.js';
import { positionsOf } from '../../references/position.js';
import { isOnlyWithFile } from '../../references/reference-kinds.js';
import type {
  ComputedName,
  FoundReference,
  NameExplanation,
  ReferenceCounts,
  ReferenceReport,
} from '../../references/report.js';
import { compareCodePoints } from '../../text/code-points.js';
import type { ComputedUrls } from './computed-urls.js';
import type { Classifier, Link } from './links.js';
import type { NamedFile } from './names.js';
import type { PossibleReferences } from './possible.js';
import type { TrackedFile } from './track-files.js';

/** The references and names of a run's files. */
export interface Findings {
  readonly files: readonly TrackedFile[];
  readonly links: readonly (readonly Link[])[];
  readonly classifier: Classifier;
  readonly computed: ComputedUrls;
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
    computedNames: () => computedNames(findings),
    explain: (logicalPath) => explain(findings, logicalPath),
  };
}

interface Entry extends Pick<FoundReference, 'kind' | 'status' | 'target'> {
  readonly start: number;
  readonly end: number;
  /** The files that a computed URL can name. */
  readonly targets?: readonly string[];
}

/** The references of a file by position. A file that could not be scanned has one entry, `unscanned`. */
function entriesOf(findings: Findings, index: number): readonly Entry[] {
  const { files, classifier, computed, possible } = findings;
  const file = files[index]!;
  const urls = computed.get(index);
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
      const status = classifier.classifySkipped(reference, file);
      const targets = urls
        ?.find(({ url }) => url === reference)
        ?.targets.map((target) => pathOf(findings, target));
      return { kind, start, end, status, ...(targets && { targets: targets.sort(compareCodePoints) }) };
    }),
    ...(possible?.get(file) ?? []).map(({ kind, start, end, target }) => {
      return { kind, start, end, target, status: 'possible' };
    }),
  ];
  return entries.sort((a, b) => a.start - b.start);
}

function countStatuses(findings: Findings): ReferenceCounts {
  const counts: Record<string, Record<string, number>> = {};
  for (const [index, file] of findings.files.entries()) {
    if (file.digest.scan === undefined && !findings.possible?.has(file)) continue;
    for (const { kind, status } of entriesOf(findings, index)) {
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

function pathOf({ files }: Findings, index: number): string {
  return files[index]!.output.logicalPath;
}

function computedNames(findings: Findings): readonly ComputedName[] {
  const { files, computed } = findings;
  const names = [...computed.values()].flat().map(({ file, pattern, targets }) => {
    const kept = targets.filter((target) => files[target]!.keepsName === 'computed');
    const paths = kept.map((target) => pathOf(findings, target)).sort(compareCodePoints);
    return { file: pathOf(findings, file), pattern, files: paths };
  });
  return names.filter((name) => name.files.length > 0);
}

function* listReferences(findings: Findings): Generator<FoundReference> {
  const sorted = [...findings.files.keys()].sort((a, b) =>
    compareCodePoints(pathOf(findings, a), pathOf(findings, b)),
  );
  for (const index of sorted) {
    const entries = entriesOf(findings, index);
    if (entries.length > 0) yield* withPositions(entries, findings.files[index]!);
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
  for (const [index, { kind, start, end, status, target, targets = [target] }] of entries.entries()) {
    const { line, column } = positions[index]!;
    for (const each of targets.length === 0 ? [undefined] : targets) {
      yield {
        file: output.logicalPath,
        ...(output.source && { source: output.source.sourcePath }),
        ...{ line, column, kind, text: shownText(bytes, start, end, encoding) },
        ...(each !== undefined && { target: each }),
        status,
      };
    }
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
  const { files, links, computed, named } = findings;
  const index = files.findIndex(({ output }) => output.logicalPath === logicalPath);
  if (index === -1 || named === undefined) return undefined;
  const { keepsName } = files[index]!;
  const { cycle } = named[index]!;
  const referring = [...links.keys()].filter((at) => links[at]!.some(({ target }) => target === index));
  const paths = (indexes: Iterable<number>) =>
    Array.from(indexes, (at) => files[at]!.output.logicalPath).sort(compareCodePoints);
  const computedBy = [...computed.values()].flat().filter(({ targets }) => targets.includes(index));
  return {
    ...(keepsName && { keepsName }),
    ...(computedBy.length > 0 && {
      computedBy: computedBy.map(({ file, pattern }) => ({ file: files[file]!.output.logicalPath, pattern })),
    }),
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
