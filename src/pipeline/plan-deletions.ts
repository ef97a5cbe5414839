import { foldersOf, isInOneOf } from '../model/public-path.js';
import type { Inventory, StoredFile } from '../storages/storage.js';
import type { PlanEntry, PlanOptions, Reason } from './plan.js';

/** The deletions of a plan: what is in the way of its outputs and, with `clear`, what is not among them. */
export function planDeletions(
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
