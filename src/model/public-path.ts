import path from 'node:path';
import { StaticFilesError } from '../errors.js';
import { quoted } from '../text/printable.js';

/** Longest name of a file on most file systems. */
export const MAX_NAME_BYTES = 255;

/** On Windows a backslash is a separator too, and a colon starts the path of a drive: `C:x`. */
const UNPUBLISHABLE = path.sep === '/' ? /(?:^|\/)\.{0,2}(?:\/|$)|\0/ : /(?:^|\/)\.{0,2}(?:\/|$)|[\0\\:]/;

/** Whether it is a relative POSIX path that stays below its root: no part is empty, `.` or `..`. */
export function isPublishable(publicPath: string): boolean {
  return !UNPUBLISHABLE.test(publicPath);
}

/**
 * Refuses a path that would be written, read or deleted outside of a destination. It may come from a plan, a manifest
 * or a plug-in.
 *
 * @param storage the storage's name
 * @throws StaticFilesError `target`, with the path
 */
export function assertPublishable(publicPath: string, storage: string): void {
  if (isPublishable(publicPath)) return;
  throw new StaticFilesError(
    'target',
    `The storage '${storage}' refuses the path ${quoted(publicPath)}: it is not a path below the destination.`,
  );
}

/**
 * Returns a URL prefix with the slash at its start that may be left out, as in Django: `static/` means `/static/`. A text
 * that looks like a host, and full URLs, stay as they are.
 */
export function rootedUrl(url: string): string {
  const isRelative = /^[^/:.?#\\][^:]*\//.test(url) && !beginsWithHost(url);
  return isRelative ? `/${url}` : url;
}

/** Whether a text begins with a host, without a scheme and slashes before it: `cdn.example.com/static/`. */
export function beginsWithHost(url: string): boolean {
  return /^(?:localhost|[\w-]+(?:\.[\w-]+)*\.(?:[a-z]{2,}|\d+)|[\w-]+(?=:\d))(?::\d+)?(?:\/|$)/i.test(url);
}

/**
 * Returns the URL of a public path. It is escaped as browsers escape URLs in scripts and style sheets, so that both are
 * the same URL.
 *
 * @param staticUrl ends in `/`
 * @example
 * publicUrl('/static/', 'img/a b@2x.png'); // '/static/img/a%20b@2x.png'
 */
export function publicUrl(staticUrl: string, publicPath: string): string {
  return staticUrl + encodeURI(publicPath).replace(/[?#]/g, encodeURIComponent);
}

/** Returns the folder of a POSIX path, `''` at the top: `a/b.css` → `a`. */
export function posixDirname(posixPath: string): string {
  const slash = posixPath.lastIndexOf('/');
  return slash === -1 ? '' : posixPath.slice(0, slash);
}

/** Whether a POSIX path is in one of these folders, at any depth. */
export function isInOneOf(publicPath: string, folders: ReadonlySet<string>): boolean {
  for (let dir = posixDirname(publicPath); dir !== ''; dir = posixDirname(dir))
    if (folders.has(dir)) return true;
  return false;
}

/** Returns every folder in the paths of these items, with the first item in it. */
export function foldersOf<T>(items: Iterable<T>, pathOf: (item: T) => string): ReadonlyMap<string, T> {
  const folders = new Map<string, T>();
  let last = '';
  for (const item of items) {
    const path = pathOf(item);
    // Items of one folder often follow one another.
    if (path.lastIndexOf('/') === last.length && path.startsWith(last)) continue;
    let dir = posixDirname(path);
    last = dir;
    for (; dir !== '' && !folders.has(dir); dir = posixDirname(dir)) folders.set(dir, item);
  }
  return folders;
}
