import { StaticFilesError } from '../errors.js';
import { quoted } from '../text/printable.js';
import type { Output } from './output.js';
import { posixDirname } from './public-path.js';

/** Two different paths, of files or of their folders, that a file system takes for the same. */
export interface Collision<T> {
  readonly paths: readonly [string, string];
  /** The items with these paths, or in these folders. */
  readonly items: readonly [T, T];
}

/**
 * Finds paths with the same key. If folders have the same key, their files are not compared.
 *
 * @param fold returns equal keys for paths that a file system takes for the same
 */
export function findCollisions<T>(
  items: readonly T[],
  pathOf: (item: T) => string,
  fold: (path: string) => string,
): readonly Collision<T>[] {
  const keys = items.map((item) => fold(pathOf(item)));
  const suspects = suspectKeys(items.map(pathOf), keys, fold);
  if (suspects.size === 0) return [];
  const first = new Map<string, { readonly path: string; readonly item: T }>();
  const collisions = new Map<string, Collision<T>>();
  const freeFolders = new Map<string, boolean>([['', true]]);

  function isFree(path: string, key: string, item: T): boolean {
    if (!suspects.has(key)) return true;
    const other = first.get(key);
    if (other === undefined) first.set(key, { path, item });
    if (other === undefined || other.path === path) return true;
    if (!collisions.has(path)) collisions.set(path, { paths: [other.path, path], items: [other.item, item] });
    return false;
  }

  function isFolderFree(dir: string, item: T): boolean {
    let free = freeFolders.get(dir);
    if (free === undefined) {
      free = isFolderFree(posixDirname(dir), item) && isFree(dir, fold(dir), item);
      freeFolders.set(dir, free);
    }
    return free;
  }

  items.forEach((item, index) => {
    const path = pathOf(item);
    if (isFolderFree(posixDirname(path), item)) isFree(path, keys[index]!, item);
  });
  return [...collisions.values()];
}

/** Returns the keys that differ from their path, of files and folders. Each collision has at least one. */
function suspectKeys(
  paths: readonly string[],
  keys: readonly string[],
  fold: (path: string) => string,
): ReadonlySet<string> {
  const suspects = new Set<string>();
  paths.forEach((path, index) => {
    const key = keys[index]!;
    if (key === path) return;
    suspects.add(key);
    for (let dir = posixDirname(path); dir !== ''; dir = posixDirname(dir)) {
      const folder = fold(dir);
      if (folder === dir) return; // then the folders above are their own keys too
      suspects.add(folder);
    }
  });
  return suspects;
}

/** Most pairs in a message. */
const NAMED = 5;

/**
 * Refuses outputs that would overwrite each other at the destination.
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
