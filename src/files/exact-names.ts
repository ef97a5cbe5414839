import fs from 'node:fs';
import path from 'node:path';
import { isFile } from './system-path.js';

/** Whether a folder lists exactly this name. Throws raw system errors. */
export type IsListed = (folder: string, name: string) => boolean;

/** Names in a folder, and its time when they were listed. */
interface Listing {
  readonly mtimeMs: number;
  readonly names: ReadonlySet<string>;
}

/** Longest clock tick of a file system, that of FAT. A younger folder may change and keep its time. */
const TICK_MS = 2000;

/**
 * Returns a check that a name is the one on the disk. A system may open a file by other names too: in another letter
 * case, with a dot at the end, by its short name on Windows (`_ENV~1.LOC`), as a stream (`a.js::$DATA`). No rule about
 * names finds them all, so the folder's listing decides. A listing is reused until the folder changes.
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
 * Whether a file exists below a folder under exactly this path, by the names on the disk.
 *
 * @param relativePath POSIX path without `.`, `..` and empty parts
 */
export function isExactFile(folder: string, relativePath: string, isListed: IsListed): boolean {
  const file = path.join(folder, relativePath);
  // First `existsSync`: it throws no error, which would take many times as long.
  if (!fs.existsSync(file) || !isFile(file)) return false;
  let parent = folder;
  return relativePath.split('/').every((name) => {
    const listed = isListed(parent, name);
    parent = path.join(parent, name);
    return listed;
  });
}
