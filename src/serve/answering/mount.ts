import { chain } from '../answer.js';
import type { FileSource, FoundFile } from '../files/file-source.js';
import { decodePath } from '../http/request-path.js';

/** Returns a page that lists a folder; `undefined` if there is no such folder. */
export type ListFolder = (folder: string) => Promise<string | undefined>;

/** Files that answer for paths other than their own. */
export interface PageRules {
  /** Names of the files that answer for their folder, such as `index.html`; the first that exists counts. */
  readonly indexFiles: readonly string[];
  /** Extensions that a path may lack, without the dot: with `html`, `about.html` answers for `about`. */
  readonly extensions: readonly string[];
  /** Path of the file that answers for the pages of a single-page application. */
  readonly fallback?: string | undefined;
}

/** Files below a path. */
export interface Mount {
  /** Begins and ends with `/`. */
  readonly base: string;
  readonly source: FileSource;
  /** Requests without a file that fall through to the application: none, those for unknown names, or all. */
  readonly leaves: 'none' | 'unknown' | 'all';
  readonly pages?: PageRules | undefined;
  /** Lists folders that have no index file. */
  readonly list?: ListFolder | undefined;
}

/**
 * Result for a path: a file, or a page that lists a folder. Otherwise:
 *
 * - `folder`: a folder with an index or a page, but the path lacks the slash
 * - `page`: a file that answers for the path without its slash
 * - `gone`: a fingerprint that no release has
 * - `unknown`: a name that no file has
 * - `malformed`: an invalid escape
 * - `elsewhere`: a path that is not below the base
 */
export type Found =
  | { readonly file: FoundFile }
  | { readonly index: FoundFile }
  | { readonly listing: string }
  | 'folder'
  | 'page'
  | 'gone'
  | 'unknown'
  | 'malformed'
  | 'elsewhere';

/**
 * Finds what answers a path: `file` under its own name, `index` under that of its folder or without its extension.
 *
 * @param path escaped
 */
export function findUnder(mount: Mount, path: string): Found | Promise<Found> {
  const { base, source } = mount;
  if (!path.startsWith(base)) return `${path}/` === base ? findBase(mount) : 'elsewhere';
  const decoded = decodePath(path.slice(base.length));
  if ('malformed' in decoded) return 'malformed';
  if ('impossible' in decoded) return 'unknown';
  const { path: name } = decoded;
  if (name === '') return findFolder(mount, name);
  if (name.endsWith('/')) {
    return chain(findFolder(mount, name), (found) =>
      found === 'unknown'
        ? chain(findPage(mount, name.slice(0, -1)), (page) => (page ? 'page' : found))
        : found,
    );
  }
  return chain(source.find(name), (file) => (file === undefined ? findWithoutFile(mount, name) : { file }));
}

/** Finds what answers the base without its slash. */
function findBase(mount: Mount): Found | Promise<Found> {
  return chain(findFolder(mount, ''), (found) => (found === 'unknown' ? 'elsewhere' : 'folder'));
}

function findWithoutFile(mount: Mount, name: string): Found | Promise<Found> {
  return chain(findPage(mount, name), (page) => {
    if (page !== undefined) return { index: page };
    if (mount.source.isFingerprint(name)) return 'gone';
    return chain(findFolder(mount, `${name}/`), (found) => (found === 'unknown' ? 'unknown' : 'folder'));
  });
}

/** Finds the file whose name lacks its extension in the path. */
function findPage({ source, pages }: Mount, name: string) {
  return firstOf(source, pages?.extensions.map((extension) => `${name}.${extension}`) ?? []);
}

function findFolder({ source, pages, list }: Mount, folder: string): Found | Promise<Found> {
  const index = firstOf(source, pages?.indexFiles.map((name) => folder + name) ?? []);
  return chain(index, (file) => {
    if (file !== undefined) return { index: file };
    if (list === undefined) return 'unknown';
    return list(folder).then((listing) => (listing === undefined ? 'unknown' : { listing }));
  });
}

/** Returns the first file that exists. */
function firstOf(source: FileSource, names: readonly string[]): ReturnType<FileSource['find']> {
  const [name, ...others] = names;
  if (name === undefined) return undefined;
  return chain(source.find(name), (file) => file ?? firstOf(source, others));
}
