import fs from 'node:fs';
import path from 'node:path';
import { isFile } from './system-path.js';

/** Whether a folder lists a name, letter by letter. Throws raw system errors where the folder cannot be listed. */
export type IsListed = (folder: string, name: string) => boolean;

/** What a folder listed, and the state it was in. */
interface Listing {
  readonly mtimeMs: number;
  readonly names: ReadonlySet<string>;
}

/** The coarsest step in which a file system counts times: FAT's. A younger listing may change without a trace. */
const TICK_MS = 2000;

/**
 * Makes a check for names that lead to a file although they are not its name: in another letter case, with a dot at the
 * end, Windows's short names (`_ENV~1.LOC`) and streams (`a.js::$DATA`). No rule about names finds them all, so the
 * folder's listing decides. Listings are kept while the folder does not change.
 */
export function createIsListed(): IsListed {
  const listings = new Map<string, Listing>();
  return (folder, name) => {
    const { mtimeMs } = fs.statSync(folder);
    const known = listings.get(folder);
    if (known?.mtimeMs === mtimeMs && known.names.has(name)) return true;
    const names: ReadonlySet<string> = new Set(fs.readdirSync(folder));
    if (Date.now() - mtimeMs > TICK_MS) listings.set(folder, { mtimeMs, names });
    return names.has(name);
  };
}

/**
 * Whether there is a file below a folder, each part of whose path is listed under exactly that name.
 *
 * @param relativePath POSIX, without `.`, `..` and empty parts
 */
export function isExactFile(folder: string, relativePath: string, isListed: IsListed): boolean {
  const file = path.join(folder, relativePath);
  // `existsSync` is first since it throws nothing: an error takes many times as long as the answer.
  if (!fs.existsSync(file) || !isFile(file)) return false;
  let parent = folder;
  return relativePath.split('/').every((name) => {
    const listed = isListed(parent, name);
    parent = path.join(parent, name);
    return listed;
  });
}
