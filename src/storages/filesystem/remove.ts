import fs from 'node:fs';
import { describeSystemError, StaticFilesError, systemErrorCode } from '../../errors.js';
import { posixDirname } from '../../model/public-path.js';

/**
 * Removes a file, a link itself, or an empty folder. Never follows links. A missing path is no error.
 */
export function removePath(root: string, publicPath: string): void {
  if (!parentsAreFolders(root, publicPath)) return;
  const target = `${root}/${publicPath}`;
  const present = fs.lstatSync(target, { throwIfNoEntry: false });
  if (present === undefined) return;
  try {
    if (present.isDirectory()) fs.rmdirSync(target);
    else fs.unlinkSync(target);
  } catch (error) {
    throw cannotDelete(target, error);
  }
}

/** Removes the folders that are empty now, from the given ones upwards. Never removes the root itself. */
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
    throw cannotDelete(dir, error);
  }
}

function cannotDelete(target: string, cause: unknown): StaticFilesError {
  return new StaticFilesError('target', `Cannot delete '${target}': ${describeSystemError(cause)}.`, {
    cause,
  });
}

function parentsAreFolders(root: string, publicPath: string): boolean {
  for (let dir = posixDirname(publicPath); dir !== ''; dir = posixDirname(dir)) {
    if (!fs.lstatSync(`${root}/${dir}`, { throwIfNoEntry: false })?.isDirectory()) return false;
  }
  return true;
}
