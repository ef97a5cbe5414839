import path from 'node:path';
import type { PublishRecord } from '../cache/record.js';
import { type FileStamp, readStampIfAny, sameStamp } from '../files/stamp.js';
import type { Found } from '../finders/find.js';
import type { HashedOutput } from '../model/content.js';
import { type Output, originalOutput } from '../model/output.js';
import type { StaticFile } from '../model/static-file.js';

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

  /** Whether the session has seen the output at the destination. */
  isPublished(output: Output): boolean;
  addPublished(outputs: Iterable<Output>): void;
  /** Makes the next run compare all outputs with the destination. */
  forgetPublished(): void;

  /** What a processor keeps from run to run, by the key of the processor. */
  ofProcessor(key: string): Record<string, unknown>;
  /** Entries of the manifest details. */
  readonly details: WeakMap<HashedOutput, string>;
}

/** What happened to a file. `moved`: another source has its logical path now. */
export type FileChange = 'added' | 'changed' | 'moved' | 'removed';

export function createSession(record: PublishRecord): Session {
  const processors = new Map<string, Record<string, unknown>>();
  let published = new WeakSet<Output>();
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
    isPublished: (output) => published.has(output),
    addPublished(outputs) {
      for (const output of outputs) published.add(output);
    },
    forgetPublished() {
      published = new WeakSet();
    },
    ofProcessor(key) {
      if (!processors.has(key)) processors.set(key, {});
      return processors.get(key)!;
    },
    details: new WeakMap(),
  };
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
