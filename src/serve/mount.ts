import { chain } from './chain.js';
import type { FileSource, FoundFile } from './file-source.js';
import { decodePath } from './request-path.js';

/** The files under a path. */
export interface Mount {
  /** Begins and ends with `/`. */
  readonly base: string;
  readonly source: FileSource;
  /** Which requests that lead to no file are left to the application: none, those for unknown names, or all. */
  readonly leaves: 'none' | 'unknown' | 'all';
  /** What answers for a folder, such as `index.html`. */
  readonly indexFile?: string | undefined;
}

/**
 * Where a path leads: to a file; to a folder with an index whose path lacks the slash; to a fingerprint of another
 * release (`gone`); to a name that no file has (`unknown`); nowhere, since it is escaped wrongly (`malformed`).
 */
export type Found = { readonly file: FoundFile } | 'folder' | 'gone' | 'unknown' | 'malformed';

/** @param path escaped, beginning with the base of the mount */
export function findUnder({ base, source, indexFile }: Mount, path: string): Found | Promise<Found> {
  const decoded = decodePath(path.slice(base.length));
  if ('malformed' in decoded) return 'malformed';
  if ('impossible' in decoded) return 'unknown';
  const { path: name } = decoded;
  if (name === '' || name.endsWith('/')) {
    return indexFile === undefined ? 'unknown' : chain(source.find(name + indexFile), orUnknown);
  }
  return chain(source.find(name), (file) => {
    if (file !== undefined) return { file };
    if (source.isFingerprint(name)) return 'gone';
    if (indexFile === undefined) return 'unknown';
    return chain(source.find(`${name}/${indexFile}`), (index) => (index ? 'folder' : 'unknown'));
  });
}

function orUnknown(file: FoundFile | undefined): Found {
  return file === undefined ? 'unknown' : { file };
}
