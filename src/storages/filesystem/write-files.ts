import { randomUUID } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { StaticFilesError } from '../../errors.js';
import { isManifest } from '../../model/output.js';
import { RUN_NOTE } from '../destination.js';
import type { WriteOptions, WriteRequest } from '../storage.js';
import { type FileMode, writeBytes, writingTarget } from './copy-file.js';
import { flushFolders, flushTree } from './flush.js';
import type { FolderLock } from './lock.js';
import type { FolderNames } from './name-probe.js';
import { isReservedName } from './reserved-names.js';
import { type RunNote, readRunNote, runNoteBytes } from './run-note.js';
import { spellingIn } from './spelling.js';
import { openStaging, type Staging } from './staging.js';
import { writeBatch } from './write-batch.js';

/** The destination that files are written to, and how. */
export interface FolderTarget {
  /** Absolute path. */
  readonly folder: string;
  readonly fileMode: number | undefined;
  readonly directoryMode: number | undefined;
  /** How it compares names. */
  readonly names: FolderNames;
  /** Whether to wait for the disk. If `undefined`, only for runs that replace a manifest. */
  readonly durable: boolean | undefined;
  /** The lock, if the run has taken one. */
  readonly lock: FolderLock | undefined;
}

/** How many files are written at a time, which limits the memory for their paths and results. */
const BATCH = 25_000;

/**
 * Writes the files of a phase. All are staged, and flushed if requested, before the first one gets its name.
 *
 * @throws StaticFilesError `source`, `target`; `locked` if the lock was lost. No further file then gets its name
 */
export async function writeFiles(
  files: readonly WriteRequest[],
  target: FolderTarget,
  options: WriteOptions,
): Promise<void> {
  if (files.length === 0) return;
  const { folder, directoryMode, lock } = target;
  const { signal } = options;
  refuseReservedNames(files);
  lock?.assertHeld();
  writingTarget(folder, () => fs.mkdirSync(folder, { recursive: true }));
  const before = readRunNote(folder);
  const durable = target.durable ?? options.replacesManifest ?? false;
  const isOfManifests = files.every(isComparedByBytes);
  const everything = before ? before.unflushed : !isOfManifests;
  const flush = durable ? (file: string) => flushTree(file, { everything, signal }) : undefined;
  const note = { run: lock?.id ?? randomUUID(), ...(!durable && { unflushed: true }) };
  const staging = openStaging(folder, { directoryMode, flush });
  try {
    if (before?.run !== note.run && !isOfManifests) stageNote(staging, folder, note);
    const batches = await stageAll(files, staging, target, options);
    await flush?.(staging.folder);
    signal.throwIfAborted();
    lock?.assertHeld();
    correctSpelling(files, target);
    const folders = await staging.place();
    // The destination itself may be new too.
    if (durable) await flushFolders(before ? folders : [...folders, path.dirname(folder)], signal);
    for (const reportTo of batches) reportTo(options.done);
  } catch (error) {
    lock?.assertHeld(); // a run that took the lock over has swept the staged files, which is then the cause
    throw error;
  } finally {
    staging.discard();
  }
}

function refuseReservedNames(files: readonly WriteRequest[]): void {
  let checked = '';
  for (const { publicPath, output } of files) {
    if (checked !== '' && publicPath.startsWith(checked)) continue; // files of one folder follow one another
    const slash = publicPath.indexOf('/');
    checked = slash === -1 ? '' : publicPath.slice(0, slash + 1);
    const top = slash === -1 ? publicPath : publicPath.slice(0, slash);
    if (!isReservedName(top)) continue;
    throw new StaticFilesError(
      'source',
      `'${output.source?.sourcePath ?? output.logicalPath}' would be published as '${publicPath}', but ` +
        `'${top}' is reserved for the storage. Rename or ignore the file.`,
    );
  }
}

/** Renames existing files first: a file that replaces one in another letter case may get the old one's name. */
function correctSpelling(files: readonly WriteRequest[], { folder, names }: FolderTarget): void {
  if (!names.ignoresCase || !names.keepsCase) return;
  const spelling = spellingIn(folder, names);
  for (const { publicPath } of files) spelling.correct(publicPath);
}

/** Manifests are compared byte by byte at every run, so no record depends on which run wrote them. */
function isComparedByBytes({ output }: WriteRequest): boolean {
  return isManifest(output);
}

/** The note gets its name first. */
function stageNote(staging: Staging, folder: string, note: RunNote): void {
  const staged = staging.pathFor(RUN_NOTE);
  const mode = { mode: 0o666, chmod: false };
  writingTarget(path.join(folder, RUN_NOTE), () => writeBytes(runNoteBytes(note), staged, mode));
}

async function stageAll(
  files: readonly WriteRequest[],
  staging: Staging,
  { folder, fileMode }: FolderTarget,
  { progress, signal }: WriteOptions,
) {
  const mode = effectiveMode(staging, folder, fileMode);
  const batches: Awaited<ReturnType<typeof writeBatch>>[] = [];
  for (let start = 0; start < files.length; start += BATCH) {
    const batch = files.slice(start, start + BATCH);
    batches.push(
      await writeBatch(batch, {
        folder,
        staging,
        mode,
        progress: (count) => progress?.(start + count),
        signal,
      }),
    );
  }
  return batches;
}

/** Finds out with a first file whether the umask removes bits. If not, files need no chmod. */
function effectiveMode(staging: Staging, folder: string, fileMode: number | undefined): FileMode {
  if (fileMode === undefined) return { mode: 0o666, chmod: false };
  return writingTarget(folder, () => {
    const probe = staging.probePath();
    fs.closeSync(fs.openSync(probe, 'wx', fileMode));
    const chmod = (fs.statSync(probe).mode & 0o7777) !== fileMode;
    fs.rmSync(probe);
    return { mode: fileMode, chmod };
  });
}
