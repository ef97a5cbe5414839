import path from 'node:path';
import type { PublishRecord } from '../cache/record.js';
import { type FileStamp, readStampIfAny, sameStamp } from '../files/stamp.js';
import type { Found } from '../finders/find.js';
import type { HashedOutput } from '../model/content.js';
import { type Output, originalOutput } from '../model/output.js';
import type { StaticFile } from '../model/static-file.js';

/**
 * What runs that follow one another keep (collectstatic --watch), so that each does again only what depends on a change.
 * What is unknown here is done as in a single run: losing it costs time, never correctness.
 */
export interface Session {
  /** When it began, milliseconds since 1970: what changed since is not to be trusted by later sessions. */
  readonly startedAt: number;
  /** Opened once; written when there is time. */
  readonly record: PublishRecord;
  /** Whether this session has seen an output at the destination. */
  isPublished(output: Output): boolean;
  addPublished(outputs: Iterable<Output>): void;
  /** Looks at all of the destination again at the next run. */
  forgetPublished(): void;
  /** What the manifest's details say of outputs. */
  readonly details: WeakMap<HashedOutput, string>;
  /** What a processor keeps. */
  kept(processor: string): Record<string, unknown>;
  /** Whether a file is one that is published. */
  publishes(sourcePath: string): boolean;
  /** Whether files of a folder are. */
  publishesBelow(folder: string): boolean;
  /** Notes that a file has changed, and perhaps which files there are. */
  note(sourcePath: string, change: 'content' | 'files'): void;
  /**
   * What the finders find now; they are asked only where files came or went.
   *
   * @param ask asks them
   */
  find(ask: () => Promise<Found>): Promise<Found>;
  /** The outputs that publish the files as they are: as long as a file does not change, the very same object. */
  originals(files: readonly StaticFile[]): readonly Output[];
  /** What has changed since this was last called, by logical path. */
  takeChanges(): ReadonlyMap<string, FileChange>;
}

/** What became of a file: `moved` where another source takes its path now. */
export type FileChange = 'added' | 'changed' | 'moved' | 'removed';

/** An original, and the state of the file when it was made. */
interface Original {
  readonly output: Output;
  readonly stamp: FileStamp | undefined;
}

export function createSession(record: PublishRecord): Session {
  const keeps = new Map<string, Record<string, unknown>>();
  let published = new WeakSet<Output>();
  let found: Found | undefined;
  let filesMoved = true;
  let originals: Originals = { files: [], list: [], bySource: new Map() };
  let changed = new Set<string>();
  /** Whether any file may have changed: what is told of a folder does not name all that is in it. */
  let checkAll = false;
  let changes = new Map<string, FileChange>();

  function refresh(files: readonly StaticFile[]): void {
    const isSameSet = files === originals.files && !checkAll;
    originals = isSameSet
      ? withChanged(originals, changed, changes)
      : compareAll(originals, files, changed, changes);
    changed = new Set();
    checkAll = false;
  }

  return {
    startedAt: Date.now(),
    record,
    details: new WeakMap(),
    isPublished: (output) => published.has(output),
    addPublished(outputs) {
      for (const output of outputs) published.add(output);
    },
    forgetPublished() {
      published = new WeakSet();
    },
    kept(processor) {
      if (!keeps.has(processor)) keeps.set(processor, {});
      return keeps.get(processor)!;
    },
    publishes: (sourcePath) => originals.bySource.has(sourcePath),
    publishesBelow(folder) {
      const start = folder + path.sep;
      return originals.files.some(({ sourcePath }) => sourcePath.startsWith(start));
    },
    note(sourcePath, change) {
      changed.add(sourcePath);
      filesMoved ||= change === 'files';
    },
    async find(ask) {
      if (found !== undefined && !filesMoved) return found;
      filesMoved = false; // before asking: what is noted meanwhile is for the next run
      found = undefined;
      checkAll = true;
      found = await ask();
      return found;
    },
    originals(files) {
      refresh(files);
      return originals.list.map(({ output }) => output);
    },
    takeChanges() {
      const taken = changes;
      changes = new Map();
      return taken;
    },
  };
}

/** The originals of the winning files, in their order. */
interface Originals {
  readonly files: readonly StaticFile[];
  readonly list: readonly Original[];
  /** Indexes by source: one may be published under several paths. */
  readonly bySource: ReadonlyMap<string, readonly number[]>;
}

type ChangeLog = Map<string, FileChange>;

/** The same files, some with other bytes. */
function withChanged(originals: Originals, sources: Iterable<string>, log: ChangeLog): Originals {
  const { files, bySource } = originals;
  const list = [...originals.list];
  for (const source of sources) {
    for (const index of bySource.get(source) ?? []) {
      const file = files[index]!;
      if (!isInState(source, list[index]!.stamp)) log.set(file.logicalPath, 'changed');
      list[index] = makeOriginal(file); // within one tick of the clock a file can change and look the same
    }
  }
  return { files, bySource, list };
}

/** Whatever files there are now. */
function compareAll(
  before: Originals,
  files: readonly StaticFile[],
  changed: ReadonlySet<string>,
  log: ChangeLog,
): Originals {
  const known = new Map(before.files.map(({ logicalPath }, index) => [logicalPath, before.list[index]!]));
  const bySource = new Map<string, number[]>();
  const list = files.map((file, index) => {
    const { logicalPath, sourcePath } = file;
    const indexes = bySource.get(sourcePath);
    if (indexes === undefined) bySource.set(sourcePath, [index]);
    else indexes.push(index);
    const original = known.get(logicalPath);
    known.delete(logicalPath);
    const change = changeOf(original, sourcePath);
    if (change !== undefined) log.set(logicalPath, change);
    return original && change === undefined && !changed.has(sourcePath) ? original : makeOriginal(file);
  });
  for (const logicalPath of known.keys()) log.set(logicalPath, 'removed');
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
