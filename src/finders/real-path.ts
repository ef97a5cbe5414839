import fs from 'node:fs';
import { isWithin } from '../paths.js';
import { listedPath } from '../same-folder.js';
import { readSource } from './read-source.js';

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
