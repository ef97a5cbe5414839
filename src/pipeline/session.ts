import path from 'node:path';
import type { PublishRecord } from '../cache/record.js';
import { type FileStamp, readStampIfAny, sameStamp } from '../files/stamp.js';
import type { Found } from '../finders/find.js';
import { detailsBuilder } from '../manifest/details.js';
import { manifestBuilder } from '../manifest/manifest.js';
import { differences } from '../model/differences.js';
import { type DistinctPaths, distinctPaths } from '../model/distinct-paths.js';
import { type Output, originalOutput } from '../model/output.js';
import type { StaticFile } from '../model/static-file.js';
import type { ManifestBuilders } from './add-manifest.js';
import { keep } from './make-plan.js';
import type { Plan, PlanEntry } from './plan.js';

/**
 * What consecutive runs share (`--watch`), so that each run repeats only what depends on a change. Losing it costs time,
 * never correctness.
 */
export interface Session {
  /** Milliseconds since 1970. The record of the session does not vouch for files that changed later. */
  readonly startedAt: number;
  /** Opened once, written when there is time. */
  readonly record: PublishRecord;

  /**
   * Returns what the finders find now. Asks them only if files came or went since the last time.
   *
   * @param ask asks the finders
   */
  find(ask: () => Promise<Found>): Promise<Found>;
  /** Returns the originals of static files. While a file does not change, its original is the same object. */
  originals(files: readonly StaticFile[]): readonly Output[];
  /** Returns what has changed since the last call, by logical path. */
  takeChanges(): ReadonlyMap<string, FileChange>;

  /** Notes that a file has changed; with `files`, that files may have come or gone too. */
  note(sourcePath: string, change: 'content' | 'files'): void;
  /** Whether the file is one of the static files. */
  hasSource(sourcePath: string): boolean;
  /**
   * Whether a path that is gone may have been a static file, or a folder with some. While the finders are asked, any
   * path may: they may have found it before it went.
   */
  mayHaveHadSources(systemPath: string): boolean;

  /**
   * Returns the entry that keeps an output in a plan; `undefined` unless the session has seen it at the destination.
   *
   * @param index of the output among those of the run
   */
  knownToStay(output: Output, index: number): PlanEntry | undefined;
  /** Whether an entry of a plan is that of {@link knownToStay}. */
  isKnownEntry(entry: PlanEntry, index: number): boolean;
  /** Returns what the latest run has published and is not among the outputs; `undefined` if there was no run. */
  goneSince(outputs: readonly Output[]): readonly Output[] | undefined;
  /** Notes what a run has published and deleted. */
  addPublished(plan: Plan): void;
  /** Makes the next run compare all outputs with the destination. */
  forgetPublished(): void;

  /** What a processor keeps from run to run, by the key of the processor. */
  ofProcessor(key: string): Record<string, unknown>;
  /** Builders of manifest and details, which keep the entries of the latest run. */
  readonly manifestBuilders: ManifestBuilders;
  /** Keeps the public paths of a processor's outputs, by the index of the processor. */
  pathsOf(index: number): DistinctPaths;
}

/** What happened to a file. `moved`: another source has its logical path now. */
export type FileChange = 'added' | 'changed' | 'moved' | 'removed';

export function createSession(record: PublishRecord): Session {
  const processors = new Map<string, Record<string, unknown>>();
  const paths: DistinctPaths[] = [];
  /** By public path. Another output at the path of an earlier one replaces it, and that one may come back. */
  let published = new Map<string, PlanEntry>();
  /** Of the latest run. Nearly all outputs have the same index in the next one, and comparing is faster than looking up. */
  let latest: readonly PlanEntry[] = [];
  let latestOutputs: readonly Output[] | undefined;
  let found: Found | undefined;
  let mayHaveOtherFiles = true;
  /** Whether the finders are asked, and the originals are of files that they found earlier. */
  let isFinding = false;
  let originals: Originals = { files: [], list: [], bySource: new Map() };
  let changed = new Set<string>();
  /** Whether any file may have changed. An event of a folder does not name all files in it. */
  let compareAll = false;
  let changes = new Map<string, FileChange>();

  return {
    startedAt: Date.now(),
    record,
    async find(ask) {
      if (found !== undefined && !mayHaveOtherFiles) return found;
      mayHaveOtherFiles = false; // before asking: what comes in between is for the next run
      found = undefined;
      isFinding = true;
      compareAll = true;
      found = await ask();
      return found;
    },
    originals(files) {
      originals =
        files === originals.files && !compareAll
          ? withChanged(originals, changed, changes)
          : withOtherFiles(originals, files, changed, changes);
      changed = new Set();
      compareAll = false;
      isFinding = false;
      return originals.list.map(({ output }) => output);
    },
    takeChanges() {
      const taken = changes;
      changes = new Map();
      return taken;
    },
    note(sourcePath, change) {
      changed.add(sourcePath);
      mayHaveOtherFiles ||= change === 'files';
    },
    hasSource: (sourcePath) => originals.bySource.has(sourcePath),
    mayHaveHadSources(systemPath) {
      if (isFinding || originals.bySource.has(systemPath)) return true;
      const start = systemPath + path.sep;
      return originals.files.some(({ sourcePath }) => sourcePath.startsWith(start));
    },
    knownToStay,
    isKnownEntry: (entry, index) => entry === latest[index] || entry === published.get(entry.publicPath),
    goneSince: (outputs) => latestOutputs && differences(latestOutputs, outputs).removed,
    addPublished(plan) {
      const entries: PlanEntry[] = [];
      const outputs: Output[] = [];
      for (const { publicPath, output } of plan) {
        if (output === undefined) {
          published.delete(publicPath);
          continue;
        }
        outputs.push(output);
        const known = knownToStay(output, entries.length);
        entries.push(known ?? keep(output));
        if (known === undefined) published.set(publicPath, entries.at(-1)!);
      }
      latest = entries;
      latestOutputs = outputs;
    },
    forgetPublished() {
      published = new Map();
      latest = [];
    },
    ofProcessor(key) {
      if (!processors.has(key)) processors.set(key, {});
      return processors.get(key)!;
    },
    manifestBuilders: { buildManifest: manifestBuilder(), buildDetails: detailsBuilder() },
    pathsOf(index) {
      paths[index] ??= distinctPaths();
      return paths[index];
    },
  };

  function knownToStay(output: Output, index: number): PlanEntry | undefined {
    const entry = latest[index];
    if (entry?.output === output) return entry;
    const known = published.get(output.publicPath);
    return known?.output === output ? known : undefined;
  }
}

/** The originals of the static files, in the order of the files. */
interface Originals {
  readonly files: readonly StaticFile[];
  readonly list: readonly Original[];
  /** Indexes by source: one source may be published under several paths. */
  readonly bySource: ReadonlyMap<string, readonly number[]>;
}

/** An original, and the state of its file when it was made. */
interface Original {
  readonly output: Output;
  readonly stamp: FileStamp | undefined;
}

type ChangeLog = Map<string, FileChange>;

/** The originals of the same files, of which some have changed. */
function withChanged(originals: Originals, sources: Iterable<string>, log: ChangeLog): Originals {
  const { files, bySource } = originals;
  const list = [...originals.list];
  for (const source of sources) {
    for (const index of bySource.get(source) ?? []) {
      const file = files[index]!;
      if (!isInState(source, list[index]!.stamp)) log.set(file.logicalPath, 'changed');
      list[index] = makeOriginal(file); // a file can change within one tick of the clock and look the same
    }
  }
  return { files, bySource, list };
}

/** The originals of the files that there are now. Looks at each of them. */
function withOtherFiles(
  before: Originals,
  files: readonly StaticFile[],
  changed: ReadonlySet<string>,
  log: ChangeLog,
): Originals {
  const gone = new Map(before.files.map(({ logicalPath }, index) => [logicalPath, before.list[index]!]));
  const bySource = new Map<string, number[]>();
  const list = files.map((file, index) => {
    const { logicalPath, sourcePath } = file;
    const indexes = bySource.get(sourcePath);
    if (indexes === undefined) bySource.set(sourcePath, [index]);
    else indexes.push(index);
    const original = gone.get(logicalPath);
    gone.delete(logicalPath);
    const change = changeOf(original, sourcePath);
    if (change !== undefined) log.set(logicalPath, change);
    return original && change === undefined && !changed.has(sourcePath) ? original : makeOriginal(file);
  });
  for (const logicalPath of gone.keys()) log.set(logicalPath, 'removed');
  return { files, list, bySource };
}

function changeOf(known: Original | undefined, sourcePath: string): FileChange | undefined {
  if (known === undefined) return 'added';
  if (known.output.source?.sourcePath !== sourcePath) return 'moved';
  return isInState(sourcePath, known.stamp) ? undefined : 'changed';
}

function isInState(sourcePath: string, stamp: FileStamp | undefined): boolean {
  const now = readStampIfAny(sourcePath);
  return stamp !== undefined && now !== undefined && sameStamp(stamp, now);
}

function makeOriginal(file: StaticFile): Original {
  return { output: originalOutput(file), stamp: readStampIfAny(file.sourcePath) };
}
