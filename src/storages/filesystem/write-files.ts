import { randomUUID } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { StaticFilesError } from '../../errors.js';
import { isManifest } from '../../model/output.js';
import type { WriteOptions, WriteRequest } from '../storage.js';
import { type FileMode, writeBytes, writingTarget } from './copy-file.js';
import { flushFolders, flushTree } from './flush.js';
import type { FolderLock } from './lock.js';
import type { FolderNames } from './name-probe.js';
import { isReservedName } from './reserved-names.js';
import { RUN_NOTE, type RunNote, readRunNote, runNoteBytes } from './run-note.js';
import { spellingIn } from './spelling.js';
import { openStaging, type Staging } from './staging.js';
import { writeBatch } from './write-batch.js';

/** Where files are written, and how. */
export interface FolderTarget {
  /** Absolute. */
  readonly location: string;
  readonly fileMode: number | undefined;
  readonly directoryMode: number | undefined;
  /** How it compares names. */
  readonly names: FolderNames;
  /** Whether to wait for the disk; if it is not said, only where a manifest is replaced. */
  readonly durable: boolean | undefined;
  /** The lock, if the run has taken one. */
  readonly lock: FolderLock | undefined;
}

/** How many files are written at a time: it bounds the memory that their paths and results take. */
const BATCH = 25_000;

/**
 * Writes the files of a phase: all are staged, and flushed if that is wanted, before the first one gets its name.
 *
 * @throws StaticFilesError `source`, `target`; `locked` if the lock was lost: then nothing more gets its name
 */
export async function writeFiles(
  files: readonly WriteRequest[],
  target: FolderTarget,
  options: WriteOptions,
): Promise<void> {
  if (files.length === 0) return;
  const { location, directoryMode, lock } = target;
  const { signal } = options;
  refuseReservedNames(files);
  lock?.assertHeld();
  writingTarget(location, () => fs.mkdirSync(location, { recursive: true }));
  const before = readRunNote(location);
  const durable = target.durable ?? options.replacesManifest ?? false;
  const isOfManifests = files.every(isComparedByBytes);
  const everything = before ? before.unflushed : !isOfManifests;
  const flush = durable ? (place: string) => flushTree(place, { everything, signal }) : undefined;
  const note = { run: lock?.id ?? randomUUID(), ...(!durable && { unflushed: true }) };
  const staging = openStaging(location, { directoryMode, flush });
  try {
    if (before?.run !== note.run && !isOfManifests) stageNote(staging, location, note);
    const batches = await stageAll(files, staging, target, options);
    await flush?.(staging.folder);
    signal.throwIfAborted();
    lock?.assertHeld();
    correctSpelling(files, target);
    const folders = await staging.place();
    // The name of the destination itself may be new too.
    if (durable) await flushFolders(before ? folders : [...folders, path.dirname(location)], signal);
    for (const reportTo of batches) reportTo(options.done);
  } catch (error) {
    lock?.assertHeld(); // who takes the lock away sweeps the staged files: then that is why this failed
    throw error;
  } finally {
    staging.discard();
  }
}

function refuseReservedNames(files: readonly WriteRequest[]): void {
  for (const { publicPath, output } of files) {
    const [top = ''] = publicPath.split('/', 1);
    if (!isReservedName(top)) continue;
    throw new StaticFilesError(
      'source',
      `'${output.source?.sourcePath ?? output.logicalPath}' would be published as '${publicPath}', and the storage keeps ` +
        `'${top}' for itself. Rename or ignore the file.`,
    );
  }
}

/** A file that is placed over one in other letter case may get the old one's name. */
function correctSpelling(files: readonly WriteRequest[], { location, names }: FolderTarget): void {
  if (!names.ignoresCase || !names.keepsCase) return;
  const spelling = spellingIn(location, names);
  for (const { publicPath } of files) spelling.correct(publicPath);
}

/** Manifests are, at every run. So no record depends on which run wrote them. */
function isComparedByBytes({ output }: WriteRequest): boolean {
  return isManifest(output);
}

/** The note gets its name first. */
function stageNote(staging: Staging, location: string, note: RunNote): void {
  const staged = staging.pathFor(RUN_NOTE);
  const mode = { mode: 0o666, chmod: false };
  writingTarget(path.join(location, RUN_NOTE), () => writeBytes(runNoteBytes(note), staged, mode));
}

async function stageAll(
  files: readonly WriteRequest[],
  staging: Staging,
  { location, fileMode }: FolderTarget,
  { progress, signal }: WriteOptions,
) {
  const mode = effectiveMode(staging, location, fileMode);
  const batches: Awaited<ReturnType<typeof writeBatch>>[] = [];
  for (let start = 0; start < files.length; start += BATCH) {
    const batch = files.slice(start, start + BATCH);
    batches.push(
      await writeBatch(batch, {
        location,
        staging,
        mode,
        progress: (count) => progress?.(start + count),
        signal,
      }),
    );
  }
  return batches;
}

/** Finds out by a first file whether the umask takes bits away, so that most runs need no chmod for each file. */
function effectiveMode(staging: Staging, location: string, fileMode: number | undefined): FileMode {
  if (fileMode === undefined) return { mode: 0o666, chmod: false };
  return writingTarget(location, () => {
    const probe = staging.probePath();
    fs.closeSync(fs.openSync(probe, 'wx', fileMode));
    const chmod = (fs.statSync(probe).mode & 0o7777) !== fileMode;
    fs.rmSync(probe);
    return { mode: fileMode, chmod };
  });
}
