import fs from 'node:fs';
import path from 'node:path';

/** What most file systems take for one name. */
export const MAX_NAME_BYTES = 255;

/** Whether `child` is `parent` or lies below it. Both absolute; compares names, resolves no links. */
export function isWithin(child: string, parent: string): boolean {
  const relative = path.relative(parent, child);
  return (
    relative === '' ||
    !(relative === '..' || relative.startsWith(`..${path.sep}`) || path.isAbsolute(relative))
  );
}

/** The path with its links resolved, as far as it exists; the rest of it stays as it is. */
export function realPath(systemPath: string): string {
  try {
    return fs.realpathSync.native(systemPath);
  } catch {
    const parent = path.dirname(systemPath);
    return parent === systemPath ? systemPath : path.join(realPath(parent), path.basename(systemPath));
  }
}

/** A path of this system with `/` between its parts. */
export function toPosix(systemPath: string): string {
  return path.sep === '/' ? systemPath : systemPath.split(path.sep).join('/');
}

/** The folder part of a POSIX path, `''` at the top: `a/b.css` → `a`. */
export function posixDirname(posixPath: string): string {
  const slash = posixPath.lastIndexOf('/');
  return slash === -1 ? '' : posixPath.slice(0, slash);
}

/** On Windows a backslash separates too, and a colon begins a path of its own: `C:x`. */
const UNPUBLISHABLE = path.sep === '/' ? /(?:^|\/)\.{0,2}(?:\/|$)|\0/ : /(?:^|\/)\.{0,2}(?:\/|$)|[\0\\:]/;

/** Whether it is a relative POSIX path that stays below its root: no part is empty, `.` or `..`. */
export function isPublishable(publicPath: string): boolean {
  return !UNPUBLISHABLE.test(publicPath);
}

/** Whether a POSIX path is in one of these folders, at any depth. */
export function isInOneOf(publicPath: string, folders: ReadonlySet<string>): boolean {
  for (let dir = posixDirname(publicPath); dir !== ''; dir = posixDirname(dir))
    if (folders.has(dir)) return true;
  return false;
}

/** Every folder that the paths of these items need, with the first item in it. Items of one folder often come in a row. */
export function foldersOf<T>(items: Iterable<T>, pathOf: (item: T) => string): ReadonlyMap<string, T> {
  const folders = new Map<string, T>();
  let last = '';
  for (const item of items) {
    let dir = posixDirname(pathOf(item));
    if (dir === last) continue;
    last = dir;
    for (; dir !== '' && !folders.has(dir); dir = posixDirname(dir)) folders.set(dir, item);
  }
  return folders;
}

/** The order of code points, in which the names in a manifest stand. (UTF-16 order differs above U+FFFF.) */
export function compareCodePoints(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x !== y) return codePointOrder(x) - codePointOrder(y);
  }
  return a.length - b.length;
}

/** The names in the order of code points. Where no name has a surrogate, the engine's own order is the same, and fast. */
export function sortedByCodePoint(names: Iterable<string>): string[] {
  const sorted = [...names].sort();
  return sorted.some((name) => /[\ud800-\udfff]/.test(name)) ? sorted.sort(compareCodePoints) : sorted;
}

/** Lifts surrogates over the rest of the BMP, as UTF-8 and code points order them. */
function codePointOrder(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit;
}

/** Whether a path leads to a file, links followed. */
export function isFile(systemPath: string): boolean {
  return fs.statSync(systemPath, { throwIfNoEntry: false })?.isFile() ?? false;
}
