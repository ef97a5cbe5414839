import { StaticFilesError } from './errors.js';
import type { Output } from './output.js';
import { posixDirname } from './paths.js';
import { quoted } from './printable.js';

/** Two paths that differ, and that a file system takes for one: of files, or of the folders that they are in. */
export interface Collision<T> {
  readonly paths: readonly [string, string];
  /** The items that have these paths, or that are in these folders. */
  readonly items: readonly [T, T];
}

/**
 * Finds the paths that fold to one key. Where folders do, what is in them is not compared.
 *
 * @param fold gives equal keys for paths that are one and the same
 */
export function findCollisions<T>(
  items: readonly T[],
  pathOf: (item: T) => string,
  fold: (path: string) => string,
): readonly Collision<T>[] {
  const suspects = changedKeys(items, pathOf, fold);
  if (suspects.size === 0) return [];
  const first = new Map<string, { readonly path: string; readonly item: T }>();
  const collisions = new Map<string, Collision<T>>();

  function isFree(path: string, item: T): boolean {
    const key = fold(path);
    if (!suspects.has(key)) return true;
    const other = first.get(key);
    if (other === undefined) first.set(key, { path, item });
    if (other === undefined || other.path === path) return true;
    if (!collisions.has(path)) collisions.set(path, { paths: [other.path, path], items: [other.item, item] });
    return false;
  }

  for (const item of items) {
    const path = pathOf(item);
    if (foldersDownTo(path).every((folder) => isFree(folder, item))) isFree(path, item);
  }
  return [...collisions.values()];
}

/** The keys that differ from their paths: each collision has at least one such path. */
function changedKeys<T>(
  items: readonly T[],
  pathOf: (item: T) => string,
  fold: (path: string) => string,
): ReadonlySet<string> {
  const keys = new Set<string>();
  for (const item of items) {
    const path = pathOf(item);
    if (fold(path) === path) continue;
    for (const part of [...foldersDownTo(path), path]) {
      const key = fold(part);
      if (key !== part) keys.add(key);
    }
  }
  return keys;
}

/** `a/b/c.css` → `a`, `a/b` */
function foldersDownTo(path: string): readonly string[] {
  const folders: string[] = [];
  for (let dir = posixDirname(path); dir !== ''; dir = posixDirname(dir)) folders.unshift(dir);
  return folders;
}

/** How many pairs a message names. */
const NAMED = 5;

/**
 * Refuses outputs that the destination would take for one another.
 *
 * @throws StaticFilesError `source` with both names and files of each pair
 */
export function refuseCollisions(outputs: readonly Output[], fold: (path: string) => string): void {
  const collisions = findCollisions(outputs, ({ publicPath }) => publicPath, fold);
  if (collisions.length === 0) return;
  const pairs = collisions.length === 1 ? 'Two names are' : `${collisions.length} pairs of names are`;
  const lines = collisions.slice(0, NAMED).map((collision) => `\n  ${pairText(collision)}`);
  const more = collisions.length > NAMED ? `\n  and ${collisions.length - NAMED} more` : '';
  throw new StaticFilesError(
    'source',
    `${pairs} the same at the destination, which ignores letter case or Unicode form there. Nothing was published. ` +
      `Rename or ignore one of each pair, or give its app a prefix.${lines.join('')}${more}`,
  );
}

function pairText({ paths: [a, b], items: [one, other] }: Collision<Output>): string {
  return `${nameText(a, one)} and ${nameText(b, other)}`;
}

function nameText(path: string, { publicPath, source, logicalPath }: Output): string {
  const name = path === publicPath ? path : `${path}/`;
  return `${quoted(name)} (from ${quoted(source?.sourcePath ?? logicalPath)})`;
}
