import { hash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import { CACHE_PROBLEM } from '../cache/cache-folder.js';
import { hasUses, markUses } from '../cache/uses.js';
import { startTimeSlice } from '../concurrency/time-slice.js';
import { type FileStamp, hasStampNow, readStampIfAny, sameStamp } from '../files/stamp.js';
import { packStamps } from '../files/table.js';
import type { Found } from '../finders/find.js';
import { readBody } from '../model/body.js';
import { CODING_EXTENSIONS } from '../model/content-encoding.js';
import type { HiddenFile, StaticFile, Warning } from '../model/static-file.js';
import { projectFolder } from '../npm/packages.js';
import type { ComputedName } from '../references/report.js';
import { describeDestination } from '../storages/destination.js';
import type { Inventory, StoredFile } from '../storages/storage.js';
import { inventoryOf, lastRunOf } from './destination.js';
import { findContext } from './find.js';
import { type Locked, lockDestination } from './lock-destination.js';
import type { Publication } from './plan.js';
import { cacheOwner, hiddenFile } from './processor-context.js';
import { amountOf, type CollectCounts, type PublishedAmount, type RunResult, sizeOf } from './result.js';
import { addWarning, type Run, runStage } from './run.js';
import { isAsPublished } from './unchanged.js';

/** What a run has done, without a plan. */
export interface RunSummary extends Omit<RunResult, 'plan'> {
  readonly published: PublishedAmount;
  readonly computedNames: readonly ComputedName[];
}

/**
 * Answers a run for which nothing has changed, without post-processing and without a plan. That is so if the settings, the
 * options, this package, Node.js, the set of files and each source are those of the run that left the record, and the
 * destination is as that run left it. Whatever else a run does, this does too: it takes the lock, repeats the warnings,
 * and marks what it uses in the cache.
 *
 * It proves what the whole way would prove, and no more: sources by their stamps, published files as `unchanged.ts` does,
 * manifests by their bytes. Ignored files count if a warning depends on them. The hook after publishing is called only with
 * changes, so it has nothing to do.
 *
 * @returns `undefined` if something has changed, or if that is unknown. Then the run goes the whole way.
 */
export async function answerIfUnchanged(run: Run, found: Found): Promise<RunSummary | undefined> {
  if (!isOrdinary(run)) return undefined;
  const last = run.record.recallRun() as LastRun | undefined;
  if (last?.form !== FORM || last.inputs !== inputsOf(run, found.files)) return undefined;
  const hasSameSources = await runStage(run, 'post-process', () => areAsRecorded(run, found.files, last));
  if (!hasSameSources) return undefined;
  const isPublished = await runStage(run, 'plan', () =>
    lockDestination(run, (locked) => isAsLeft(locked, last), { responsive: true }),
  );
  if (!isPublished || !markAsUsed(run, last)) return undefined;
  repeatWarnings(run, last);
  return summaryOf(run, found, last);
}

/**
 * Remembers for {@link answerIfUnchanged} what a run was made of, once everything is published. It remembers nothing if
 * the next run could not know that nothing has changed: because a source is so young that it may change without a new
 * time, or is published under no name of its own.
 */
export function rememberRun(
  run: Run,
  { files }: Pick<Found, 'files'>,
  published: readonly Publication[],
): void {
  const last = lastRunFrom(run, files, published);
  if (last !== undefined) run.record.rememberRun(last);
}

/** Whether a run with these settings and options may be answered from the record. */
function isOrdinary({ settings, options, session }: Run): boolean {
  const wantsMore: readonly unknown[] = [
    ...[options.dryRun, options.clear, options.link, options.checksum, options.readAll, options.holdFirst],
    options.possibleReferences,
  ];
  return isKnown(settings) && session === undefined && !wantsMore.some(Boolean);
}

/** Releases have notes with times, and services have indexes that say whether anything has changed. */
function isKnown({ digest, release, storage, manifest }: Run['settings']): boolean {
  const storages = [storage, manifest.storage ?? storage];
  return (
    digest !== undefined && release === undefined && storages.every(({ folder }) => folder !== undefined)
  );
}

const FORM = 'last run 1';

/** What a run was made of, and what it found out. */
interface LastRun {
  readonly form: typeof FORM;
  /** {@link inputsOf} the run. */
  readonly inputs: string;
  /** The stamps of the sources, in the order of the static files. */
  readonly sources: Float64Array;
  /** The files that are compared by their bytes. The record has the others. */
  readonly byBytes: readonly FileByBytes[];
  readonly hiddenFiles: readonly (readonly [logicalPath: string, answer: string])[];
  readonly warnings: readonly (readonly [warning: Warning, atOnce: boolean])[];
  readonly computedNames: readonly ComputedName[];
  /** The owners of lists of used contents in the cache. */
  readonly cacheOwners: readonly string[];
  readonly published: PublishedAmount;
}

interface FileByBytes {
  readonly publicPath: string;
  readonly hash: string;
  /** 0 for the storage of the files, 1 for that of the manifest. */
  readonly storage: number;
}

/** Returns a hash of everything that decides on a run besides the contents of the sources, and their paths. */
function inputsOf(run: Run, files: readonly StaticFile[]): string {
  const { settings, options } = run;
  const { digest, settingsFile } = settings;
  const { postProcess = true } = options;
  const { ignore } = findContext(run);
  const inputs = [thisPackage(), process.version, digest, settingsFile, postProcess, ignore];
  return hash('sha256', `${JSON.stringify(inputs)}\n${pathsOf(files)}`);
}

/** The paths in their roots, which the settings name. */
function pathsOf(files: readonly StaticFile[]): string {
  const texts: string[] = [];
  let last: StaticFile['root'] | undefined;
  for (const { root, logicalPath } of files) {
    if (root !== last) texts.push(`\0${root.dir}\0${root.setting}\0`);
    last = root;
    texts.push(logicalPath);
  }
  return texts.join('\0');
}

/** The version of this package and the state of its code, which changes under one version while it is developed. */
function thisPackage(): readonly unknown[] {
  const code = fileURLToPath(import.meta.url);
  const folder = projectFolder(path.dirname(code));
  const version = folder && fs.readFileSync(path.join(folder, 'package.json'), 'utf8');
  return [version, readStampIfAny(code)];
}

async function areAsRecorded(run: Run, files: readonly StaticFile[], last: LastRun): Promise<boolean> {
  const slice = startTimeSlice(run.signal);
  for (let row = 0; row < files.length; row++) {
    if (row % BETWEEN_LOOKS === 0 && slice.isOver()) await slice.yield();
    if (!hasStampNow(files[row]!.sourcePath, last.sources, row)) return false;
  }
  for (const [logicalPath, answer] of last.hiddenFiles) {
    if (answerText(await hiddenFile(run, logicalPath)) !== answer) return false;
  }
  return true;
}

/** Steps between two looks at the clock, which take as long as a tenth of a step. */
const BETWEEN_LOOKS = 64;

/** Whether the destination is as the run left it. */
async function isAsLeft({ settings, record, signal }: Locked<Run>, last: LastRun): Promise<boolean> {
  const { storage, manifest } = settings;
  const id = await lastRunOf(storage, signal);
  if (id === undefined || !record.believe(id)) return false;
  const inventories = [await inventoryOf(storage, signal)];
  if (manifest.storage) inventories.push(await inventoryOf(manifest.storage, signal));
  const [inventory] = inventories as [Inventory];
  const files = record.published();
  const slice = startTimeSlice(signal);
  for (let row = 0; row < files.keys.length; row++) {
    if (row % BETWEEN_LOOKS === 0 && slice.isOver()) await slice.yield();
    const stored = fileAt(files.keys[row]!, inventory);
    if (stored === undefined || !isAsPublished(stored, files.at(row))) return false;
  }
  for (const { publicPath, hash, storage } of last.byBytes) {
    const inventory = inventories[storage]!;
    if (!fileAt(publicPath, inventory) || hasVariantBeside(publicPath, inventory)) return false;
    if ((await inventory.digest?.(publicPath, 'sha256')) !== hash) return false;
  }
  return true;
}

/** The file at a path, if a plan would not replace it for anything but its content. */
function fileAt(publicPath: string, inventory: Inventory): StoredFile | undefined {
  const { fileMode } = inventory;
  const stored = inventory.get(publicPath);
  if (stored?.kind !== 'file' || (fileMode !== undefined && stored.mode !== fileMode)) return undefined;
  return inventory.hasSpelling?.(publicPath) === false ? undefined : stored;
}

const EXTENSIONS = Object.values(CODING_EXTENSIONS);

/** A run that compares a file by its bytes looks at the variants beside it too. */
function hasVariantBeside(publicPath: string, inventory: Inventory): boolean {
  return EXTENSIONS.some((extension) => inventory.get(publicPath + extension) !== undefined);
}

/** Marks what the last run used, so that `cache --prune` keeps it. Without the lists of that, only a whole run can. */
function markAsUsed({ settings, record }: Run, { cacheOwners }: LastRun): boolean {
  const { cacheDir } = settings;
  if (!cacheOwners.every((owner) => hasUses(cacheDir, owner))) return false;
  try {
    record.markUsed();
    for (const owner of cacheOwners) markUses(cacheDir, owner);
    return true;
  } catch {
    return false; // the whole way warns
  }
}

function repeatWarnings(run: Run, { warnings }: LastRun): void {
  for (const [warning, atOnce] of warnings) {
    if (atOnce) run.warn(warning);
    else addWarning(run.warnings, warning);
  }
}

function summaryOf(
  { settings, options, warnings, milliseconds }: Run,
  { files, conflicts }: Found,
  { published, computedNames }: LastRun,
): RunSummary {
  const counts: CollectCounts = {
    ...{ files: files.length, copied: 0, linked: 0, unmodified: files.length },
    ...{ postProcessed: 0, deleted: 0, reheadered: 0, conflicts: conflicts.length },
  };
  return {
    dryRun: options.dryRun ?? false,
    ...describeDestination(settings.storage),
    ...{ counts, conflicts, warnings, milliseconds, published, computedNames },
  };
}

/** What a run was made of; `undefined` if a later run could not know that nothing has changed. */
function lastRunFrom(
  run: Run,
  files: readonly StaticFile[],
  published: readonly Publication[],
): LastRun | undefined {
  const { settings, options, warnings } = run;
  const hasCacheProblem = warnings.some(({ code }) => code === CACHE_PROBLEM);
  if (!isKnown(settings) || options.link || hasCacheProblem) return undefined;
  const found = { form: FORM, inputs: inputsOf(run, files), ...foundOut(run) } as const;
  const before = run.record.recallRun() as LastRun | undefined;
  if (run.record.hasSameFiles() && before && isSame(before, found)) return undefined; // the record keeps that
  const proofs = proofsOf(run, files, published);
  return proofs && { ...found, ...proofs };
}

function foundOut({ settings, findings }: Run) {
  const owners = settings.processors.map((_, index) => cacheOwner(settings, index));
  return {
    hiddenFiles: Array.from(findings.hiddenFiles, ([asked, answer]) => [asked, answerText(answer)] as const),
    warnings: findings.warnings.map((each) => [each, findings.reportedAtOnce.has(each)] as const),
    computedNames: findings.computedNames,
    // A processor without a list needs none.
    cacheOwners: owners.filter((owner) => hasUses(settings.cacheDir, owner)),
  };
}

function answerText(hidden: HiddenFile | undefined): string {
  return JSON.stringify(hidden ?? null);
}

/** Whether two runs had the same inputs and have found out the same. */
function isSame(before: LastRun, now: Omit<LastRun, keyof Proofs>): boolean {
  const { byBytes, sources, published, ...found } = before;
  return isDeepStrictEqual(found, now);
}

/** By what the next run proves that the sources and the published files are the same, and how many they are. */
type Proofs = Pick<LastRun, 'byBytes' | 'sources' | 'published'>;

function proofsOf(
  { record, startedAt }: Run,
  files: readonly StaticFile[],
  published: readonly Publication[],
): Proofs | undefined {
  const rows = new Map(files.map((file, row) => [file, row]));
  const stamps: (FileStamp | undefined)[] = files.map(() => undefined);
  const byBytes: FileByBytes[] = [];
  for (const [storage, { plan }] of published.entries()) {
    for (const { output } of plan) {
      if (output === undefined) continue;
      const { publicPath, body, source } = output;
      const saved = storage === 0 ? record.saved(publicPath, startedAt) : undefined;
      if (saved) {
        const row = source && saved.sourcePath === source.sourcePath ? rows.get(source) : undefined;
        if (row === undefined) continue;
        if (!sameStamp(stamps[row] ?? saved.source, saved.source)) return undefined; // it changed in between
        stamps[row] = saved.source;
      } else if (body.kind === 'bytes') {
        byBytes.push({ publicPath, hash: hash('sha256', readBody(body)), storage });
      } else return undefined;
    }
  }
  // A file that is published as part of another one only has no stamp.
  const known = stamps.filter((each) => each !== undefined);
  if (known.length < files.length) return undefined;
  const plan = published.flatMap((each) => each.plan);
  const amount = amountOf(
    plan,
    (output) => record.saved(output.publicPath, startedAt)?.size ?? sizeOf(output),
  );
  return { byBytes, sources: packStamps(known), published: amount };
}
