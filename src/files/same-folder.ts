import fs from 'node:fs';
import path from 'node:path';
import { foldName, inOtherCase } from './name-folding.js';
import { realPath } from './system-path.js';

/**
 * Whether two absolute paths are the same folder: by name, by a link, by a mount, or in another letter case if the file
 * system ignores it.
 */
export function isSameFolder(a: string, b: string): boolean {
  return sameAs(realPath(b))(realPath(a));
}

/** Whether `child` is `parent` or below it, in any of the ways of {@link isSameFolder}. Both are absolute. */
export function isInFolder(child: string, parent: string): boolean {
  const isParent = sameAs(realPath(parent));
  for (let dir = realPath(child); ; dir = path.dirname(dir)) {
    if (isParent(dir)) return true;
    if (dir === path.dirname(dir)) return false;
  }
}

/**
 * Returns the path without links, and with the names that the folders above list. On a file system that ignores letter
 * case, many spellings reach the same folder.
 */
export function listedPath(systemPath: string): string {
  return asListed(realPath(systemPath));
}

function sameAs(folder: string): (other: string) => boolean {
  const inode = inodeOf(folder);
  return (other) => other === folder || hasInode(other, inode) || haveOneListing(other, folder);
}

function hasInode(other: string, inode: fs.BigIntStats | undefined): boolean {
  if (inode === undefined || inode.ino === 0n) return false;
  const found = inodeOf(other);
  return found?.ino === inode.ino && found.dev === inode.dev;
}

function inodeOf(systemPath: string): fs.BigIntStats | undefined {
  try {
    return fs.statSync(systemPath, { bigint: true });
  } catch {
    return undefined; // missing, or in a folder that may not be entered: then the names decide
  }
}

/** Some file systems in user space give a folder another inode for each spelling. */
function haveOneListing(a: string, b: string): boolean {
  return fold(a) === fold(b) && asListed(a) === asListed(b);
}

function asListed(real: string): string {
  const parent = path.dirname(real);
  if (parent === real) return real;
  const name = path.basename(real);
  const isSpelledFreely = fs.existsSync(real) && fs.existsSync(path.join(parent, inOtherCase(name)));
  return path.join(asListed(parent), isSpelledFreely ? listedName(parent, name) : name);
}

function listedName(dir: string, name: string): string {
  const names = namesIn(dir);
  return names.includes(name) ? name : (names.find((each) => fold(each) === fold(name)) ?? name);
}

function namesIn(dir: string): readonly string[] {
  try {
    return fs.readdirSync(dir);
  } catch {
    return []; // may not be listed: the name is left as given
  }
}

function fold(name: string): string {
  return foldName(name, { ignoresCase: true, ignoresForm: true });
}
