import fs from 'node:fs';
import { describeSystemError, StaticFilesError, systemErrorCode } from '../errors.js';
import { listedPath } from '../files/same-folder.js';
import { isWithin } from '../files/system-path.js';
import { quoted } from '../text/printable.js';

/**
 * Gives what `read` gives; where that fails, an error that names the path and says what to do.
 *
 * @throws StaticFilesError `source`
 */
export function readSource<Result>(sourcePath: string, read: () => Result): Result {
  try {
    return read();
  } catch (error) {
    throw new StaticFilesError(
      'source',
      `Cannot read ${quoted(sourcePath)}: ${describeSystemError(error)}. ${advice(error)}`,
      { cause: error },
    );
  }
}

function advice(error: unknown): string {
  const vanished = ['ENOENT', 'ENOTDIR'].includes(systemErrorCode(error) ?? '');
  return vanished
    ? 'It was there a moment ago: run again when nothing else changes the sources.'
    : 'Make it readable for the user who runs this, or leave it out with an ignore pattern.';
}

/**
 * The path of a folder without links. This is what tells one folder from another here: it costs nothing
 * for the plain folders of a walk, where a device and inode number would cost a `stat` each.
 *
 * @throws StaticFilesError `source`
 */
export function realFolder(folder: string): string {
  return readSource(folder, () => fs.realpathSync.native(folder));
}

/**
 * The real paths of those folders that exist, in the spelling in which a walk comes to them.
 *
 * @param asListed gives a real path in that spelling, where it is remembered
 */
export function realFolders(folders: readonly string[], asListed = listedPath): readonly string[] {
  return folders.filter((folder) => fs.existsSync(folder)).map((folder) => asListed(realFolder(folder)));
}

/** Whether a real path lies in one of some real folders. */
export function isInside(realPath: string, folders: readonly string[]): boolean {
  return folders.some((folder) => isWithin(realPath, folder));
}

/** Whether a path is a folder, or a link to one. */
export function isFolder(systemPath: string): boolean {
  return (
    readSource(systemPath, () => fs.statSync(systemPath, { throwIfNoEntry: false }))?.isDirectory() ?? false
  );
}
