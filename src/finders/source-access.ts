import fs from 'node:fs';
import { systemErrorCode } from '../errors.js';
import { cannotRead } from '../files/bytes.js';
import { listedPath } from '../files/same-folder.js';
import { isWithin } from '../files/system-path.js';
import { quoted } from '../text/printable.js';

/**
 * Returns what `read` returns.
 *
 * @throws StaticFilesError `source` for a system error, with the path and what to do
 */
export function readSource<Result>(sourcePath: string, read: () => Result): Result {
  try {
    return read();
  } catch (error) {
    throw cannotRead('source', quoted(sourcePath), error, advice(error));
  }
}

function advice(error: unknown): string {
  const vanished = ['ENOENT', 'ENOTDIR'].includes(systemErrorCode(error) ?? '');
  return vanished
    ? 'It was there a moment ago. Run again when nothing else changes the sources.'
    : 'Make it readable for the user who runs this, or leave it out with an ignore pattern.';
}

/** Whether a path is a folder, or a link to one. @throws StaticFilesError `source` */
export function isFolder(systemPath: string): boolean {
  const stats = readSource(systemPath, () => fs.statSync(systemPath, { throwIfNoEntry: false }));
  return stats?.isDirectory() ?? false;
}

/**
 * Returns the path of a folder without links. Finders compare folders by this path, and not by device and inode: a walk
 * knows it without a system call for each folder.
 *
 * @throws StaticFilesError `source`
 */
export function realFolder(folder: string): string {
  return readSource(folder, () => fs.realpathSync.native(folder));
}

/**
 * Returns the real paths of the folders that exist, in the spelling of a walk.
 *
 * @param asListed see {@link listedPath}; a caller may memoize it
 * @throws StaticFilesError `source`
 */
export function realFolders(folders: readonly string[], asListed = listedPath): readonly string[] {
  return folders.filter((folder) => fs.existsSync(folder)).map((folder) => asListed(realFolder(folder)));
}

/** Whether a real path is one of these real folders, or below one. */
export function isInside(realPath: string, folders: readonly string[]): boolean {
  return folders.some((folder) => isWithin(realPath, folder));
}
