import fs from 'node:fs';
import path from 'node:path';
import { listedPath } from '../files/same-folder.js';
import { isInside, readSource, realFolder } from './source-access.js';

/** A folder on the way down from a search root. It decides what a walk enters, and what a look-up finds. */
export interface TreeFolder {
  /** Absolute path, with a separator at its end. */
  readonly path: string;
  /** POSIX path from the root, with a slash at its end; `''` for the root. */
  readonly relativePath: string;
  readonly realPath: string;
  readonly parent: TreeFolder | undefined;
  /** Whether a link was followed on the way. Only then can the way be a loop. */
  readonly linked: boolean;
}

/**
 * Returns the folder of a search root.
 *
 * @param root absolute path
 * @param asListed see {@link listedPath}
 * @throws StaticFilesError `source` if it cannot be read
 */
export function rootFolder(root: string, asListed = listedPath): TreeFolder {
  return {
    path: root.endsWith(path.sep) ? root : root + path.sep,
    relativePath: '',
    realPath: asListed(realFolder(root)),
    parent: undefined,
    linked: false,
  };
}

/** Returns a folder that is not a link. It costs no system call. */
export function plainChild(parent: TreeFolder, name: string): TreeFolder {
  return {
    path: parent.path + name + path.sep,
    relativePath: `${parent.relativePath}${name}/`,
    realPath: path.join(parent.realPath, name),
    parent,
    linked: parent.linked,
  };
}

/**
 * Returns a folder that is reached by a link.
 *
 * @throws StaticFilesError `source` if it cannot be read
 */
export function linkedChild(parent: TreeFolder, name: string): TreeFolder {
  return { ...plainChild(parent, name), realPath: realFolder(parent.path + name), linked: true };
}

/**
 * Returns a folder that may be a link.
 *
 * @throws StaticFilesError `source` if it cannot be read
 */
export function childFolder(parent: TreeFolder, name: string): TreeFolder {
  const systemPath = parent.path + name;
  const isLink = readSource(systemPath, () => fs.lstatSync(systemPath).isSymbolicLink());
  return isLink ? linkedChild(parent, name) : plainChild(parent, name);
}

/** Whether it is one of these real folders, or below one. */
export function isExcluded({ realPath }: TreeFolder, excluded: readonly string[]): boolean {
  return isInside(realPath, excluded);
}

/** Whether links lead back to a folder that is already on the way. */
export function isLoop({ linked, parent, realPath }: TreeFolder): boolean {
  if (!linked) return false;
  let ancestor = parent;
  while (ancestor && ancestor.realPath !== realPath) ancestor = ancestor.parent;
  return ancestor !== undefined;
}
