import { chain } from '../answer.js';
import type { ListFolder } from '../dev/folder-listing.js';
import type { FileSource, FoundFile } from '../files/file-source.js';
import { decodePath } from '../http/request-path.js';

/** The files under a path. */
export interface Mount {
  /** Begins and ends with `/`. */
  readonly base: string;
  readonly source: FileSource;
  /** Which requests that lead to no file are left to the application: none, those for unknown names, or all. */
  readonly leaves: 'none' | 'unknown' | 'all';
  /** What answers for a folder, such as `index.html`. */
  readonly indexFile?: string | undefined;
  /** Makes a page of what is in a folder that has no such file. */
  readonly list?: ListFolder | undefined;
}

/**
 * Where a path leads: to a file; to a page about a folder; to a folder with either whose path lacks the slash; to a fingerprint of another
 * release (`gone`); to a name that no file has (`unknown`); nowhere, since it is escaped wrongly (`malformed`).
 */
export type Found =
  | { readonly file: FoundFile }
  | { readonly page: string }
  | 'folder'
  | 'gone'
  | 'unknown'
  | 'malformed';

/** @param path escaped, beginning with the base of the mount */
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
