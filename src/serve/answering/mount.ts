import { chain } from '../answer.js';
import type { FileSource, FoundFile } from '../files/file-source.js';
import { decodePath } from '../http/request-path.js';

/** Returns a page that lists a folder; `undefined` if there is no such folder. */
export type ListFolder = (folder: string) => Promise<string | undefined>;

/** Files below a path. */
export interface Mount {
  /** Begins and ends with `/`. */
  readonly base: string;
  readonly source: FileSource;
  /** Requests without a file that fall through to the application: none, those for unknown names, or all. */
  readonly leaves: 'none' | 'unknown' | 'all';
  /** Name of the file that answers for its folder, such as `index.html`. */
  readonly indexFile?: string | undefined;
  /** Lists folders that have no such file. */
  readonly list?: ListFolder | undefined;
}

/**
 * Result for a path: a file, or a page that lists a folder. Otherwise:
 *
 * - `folder`: a folder with an index or a page, but the path lacks the slash
 * - `gone`: a fingerprint that no release has
 * - `unknown`: a name that no file has
 * - `malformed`: an invalid escape
 */
export type Found =
  | { readonly file: FoundFile }
  | { readonly page: string }
  | 'folder'
  | 'gone'
  | 'unknown'
  | 'malformed';

/**
 * Finds what answers a path.
 *
 * @param path escaped; begins with the base of the mount
 */
export function findUnder(mount: Mount, path: string): Found | Promise<Found> {
  const { base, source } = mount;
  const decoded = decodePath(path.slice(base.length));
  if ('malformed' in decoded) return 'malformed';
  if ('impossible' in decoded) return 'unknown';
  const { path: name } = decoded;
  if (name === '' || name.endsWith('/')) return findFolder(mount, name);
  return chain(source.find(name), (file) => {
    if (file !== undefined) return { file };
    if (source.isFingerprint(name)) return 'gone';
    return chain(findFolder(mount, `${name}/`), (found) => (found === 'unknown' ? 'unknown' : 'folder'));
  });
}

function findFolder({ source, indexFile, list }: Mount, folder: string): Found | Promise<Found> {
  const index = indexFile === undefined ? undefined : source.find(folder + indexFile);
  return chain(index, (file) => {
    if (file !== undefined) return { file };
    if (list === undefined) return 'unknown';
    return list(folder).then((page) => (page === undefined ? 'unknown' : { page }));
  });
}
