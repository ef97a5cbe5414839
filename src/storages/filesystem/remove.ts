import fs from 'node:fs';
import { describeSystemError, StaticFilesError, systemErrorCode } from '../../errors.js';
import { posixDirname } from '../../model/public-path.js';

/**
 * Removes one path: a file, a link itself, or an empty folder. Nothing that can be reached through a link only.
 * A path that is not there is no error.
 */
export function removePath(root: string, publicPath: string): void {
  if (!parentsAreFolders(root, publicPath)) return;
  const target = `${root}/${publicPath}`;
  const standing = fs.lstatSync(target, { throwIfNoEntry: false });
  if (standing === undefined) return;
  try {
    if (standing.isDirectory()) fs.rmdirSync(target);
    else fs.unlinkSync(target);
  } catch (error) {
    throw new StaticFilesError('target', `Cannot delete '${target}': ${describeSystemError(error)}.`, {
      cause: error,
    });
  }
}

/** Removes the folders that are empty now, from the given ones upwards, never the root itself. */
export function removeEmptyFolders(root: string, dirs: Iterable<string>): void {
  const deepestFirst = [...new Set(dirs)].sort((a, b) => b.length - a.length);
  for (const start of deepestFirst) {
    for (let dir = start; dir !== ''; dir = posixDirname(dir)) {
      if (!removedIfEmpty(`${root}/${dir}`)) break;
    }
  }
}

const NOT_EMPTY_OR_GONE = new Set(['ENOTEMPTY', 'EEXIST', 'ENOENT', 'ENOTDIR']);

function removedIfEmpty(dir: string): boolean {
  try {
    fs.rmdirSync(dir);
    return true;
  } catch (error) {
    const code = systemErrorCode(error);
    if (code !== undefined && NOT_EMPTY_OR_GONE.has(code)) return code === 'ENOENT';
    throw new StaticFilesError('target', `Cannot delete '${dir}': ${describeSystemError(error)}.`, {
      cause: error,
    });
  }
}

function parentsAreFolders(root: string, publicPath: string): boolean {
  for (let dir = posixDirname(publicPath); dir !== ''; dir = posixDirname(dir)) {
    if (!fs.lstatSync(`${root}/${dir}`, { throwIfNoEntry: false })?.isDirectory()) return false;
  }
  return true;
}
