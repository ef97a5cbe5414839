import { startTimeSlice } from '../concurrency/time-slice.js';
import { nameSourceErrors } from '../model/body.js';
import { refuseCollisions } from '../model/collisions.js';
import { isOriginal, type Output } from '../model/output.js';
import { foldersOf, isInOneOf } from '../model/public-path.js';
import type { Inventory, StoredFile } from '../storages/storage.js';
import type { Plan, PlanEntry, PlanOptions, Reason } from './plan.js';

/**
 * Compares the outputs with what is in the storage, and gives each file an action and a reason.
 *
 * @throws StaticFilesError `source` if two outputs have names that are one name in the storage
 */
export async function makePlan(
  outputs: readonly Output[],
  inventory: Inventory,
  options: PlanOptions,
): Promise<Plan> {
  if (inventory.fold) refuseCollisions(outputs, inventory.fold);
  const slice = startTimeSlice(options.signal);
  const entries: PlanEntry[] = [];
  for (let index = 0; index < outputs.length; index++) {
    const output = outputs[index]!;
    const known = options.knownToStay?.(output, index);
    if (known === undefined && slice.isOver()) await slice.yield();
    entries.push(known ?? planOutput(output, inventory, options));
  }
  return [...entries, ...planDeletions(entries, inventory, options)];
}

function planOutput(output: Output, inventory: Inventory, options: PlanOptions): PlanEntry {
  const { publicPath } = output;
  const stored = inventory.get(publicPath);
  const asLink = options.link && isOriginal(output);
  const reason = stored === undefined ? 'new' : whyReplace(output, stored, asLink, inventory, options);
  const action = reason === 'unchanged' ? 'keep' : asLink ? 'link' : 'copy';
  const replaced = stored !== undefined && action !== 'keep' && { stored };
  return { action, publicPath, reason, replaces: stored !== undefined, ...replaced, output };
}

/** The step of a plan that leaves an output as it is published. */
export function keep(output: Output): PlanEntry {
  return { action: 'keep', publicPath: output.publicPath, reason: 'unchanged', replaces: true, output };
}

/**
 * Why an output replaces what is stored at its path, or `unchanged`. The cheap reasons come first: type, `clear`,
 * spelling, link and mode; then the proof ({@link unchangedProof}), and headers last, since they change without the bytes.
 */
function whyReplace(
  output: Output,
  stored: StoredFile,
  asLink: boolean,
  inventory: Inventory,
  options: PlanOptions,
): Reason {
  if (stored.kind === 'directory' || stored.kind === 'other') return 'wrong type';
  if (options.clear) return 'clear';
  if (inventory.hasSpelling?.(output.publicPath) === false) return 'letter case';
  if (asLink) return whyRelink(output, stored);
  if (stored.kind === 'link') return 'link became file';
  if (inventory.fileMode !== undefined && stored.mode !== inventory.fileMode) return 'mode';
  if (!nameSourceErrors(output, () => options.unchanged(output, stored))) return 'changed';
  return inventory.hasHeaders?.(output) === false ? 'headers' : 'unchanged';
}

function whyRelink(output: Output, stored: StoredFile): Reason {
  if (stored.kind !== 'link') return 'file became link';
  const wanted = output.body.kind === 'file' ? output.body.file : undefined;
  return stored.linkTarget === wanted ? 'unchanged' : 'link target changed';
}

/** The deletions of a plan: what is in the way of its outputs and, with `clear`, what is not among them. */
function planDeletions(
  entries: readonly PlanEntry[],
  inventory: Inventory,
  options: Pick<PlanOptions, 'clear' | 'isOwn' | 'onSpared'>,
): readonly PlanEntry[] {
  const inTheWay = pathsInTheWay(entries, inventory);
  const deletions = Array.from(inTheWay, ([publicPath, stored]) =>
    deletion(publicPath, 'in the way', stored),
  );
  if (!options.clear) return deletions;
  const { fold = asItIs } = inventory;
  const pathOf = (entry: PlanEntry) => entry.publicPath;
  const known = [...inTheWay.keys(), ...entries.map(pathOf), ...foldersOf(entries, pathOf).keys()];
  const staying = new Set(known.map(fold));
  for (const [publicPath, stored] of inventory.entries()) {
    if (staying.has(fold(publicPath))) continue;
    if (stored.kind === 'directory') deletions.push(deletion(publicPath, 'empty folder', stored));
    else if (isCleared(publicPath, options)) deletions.push(deletion(publicPath, 'not collected', stored));
    else options.onSpared?.(publicPath);
  }
  return deletions;
}

function isCleared(publicPath: string, { clear, isOwn }: Pick<PlanOptions, 'clear' | 'isOwn'>): boolean {
  return clear === 'all' || (isOwn?.(publicPath) ?? true);
}

function asItIs(publicPath: string): string {
  return publicPath;
}

function deletion(publicPath: string, reason: Reason, stored: StoredFile): PlanEntry {
  return { action: 'delete', publicPath, reason, replaces: true, stored };
}

/** What the storage removes when it writes: a file at the path of a folder, and all files in a folder at the path of a file. */
function pathsInTheWay(entries: readonly PlanEntry[], inventory: Inventory): ReadonlyMap<string, StoredFile> {
  const paths = new Map<string, StoredFile>();
  const written = entries.filter(({ action }) => action !== 'keep'); // the folders of kept files are there
  for (const dir of foldersOf(written, (entry) => entry.publicPath).keys()) {
    const stored = inventory.get(dir);
    if (stored !== undefined && stored.kind !== 'directory') paths.set(dir, stored);
  }
  const replaced = entries.filter(({ reason }) => reason === 'wrong type');
  if (replaced.length === 0) return paths;
  const { fold = asItIs } = inventory;
  const folders = new Set(replaced.map(({ publicPath }) => fold(publicPath)));
  for (const [publicPath, stored] of inventory.entries()) {
    if (stored.kind !== 'directory' && isInOneOf(fold(publicPath), folders)) paths.set(publicPath, stored);
  }
  return paths;
}
