import fs from 'node:fs';
import path from 'node:path';
import { systemErrorCode } from '../errors.js';
import type { IsListed } from '../files/exact-names.js';
import { isWithin } from '../files/system-path.js';
import type { IgnoreRules } from './ignore.js';
import { isInside, readSource, realFolder, realFolders } from './source-access.js';

export interface LookUpOptions {
  readonly ignore: IgnoreRules;
  /** Absolute folders to pass over, however they are reached. */
  readonly exclude: readonly string[];
  readonly isListed: IsListed;
  /** The spelling in which a walk comes to a real folder; see {@link realFolders}. */
  readonly asListed: (realPath: string) => string;
}

/** What stands at a path below a root. */
export interface LookedUp {
  readonly sourcePath: string;
  /** The ignore pattern that hides it, or a folder it is in. */
  readonly hiddenBy: string | undefined;
}

/**
 * The file or folder of that path below a root, where a walk would come by it. Goes down name by name, by the rules
 * of {@link walkTree}: so that no folder it passes over is looked into, no path leads out of the root but
 * through a link, and ignore patterns see the names that are on the disk.
 *
 * @param root Absolute path of a folder.
 * @param relativePath POSIX path; with a slash at its end only a folder is meant, `''` is the root.
 * @throws StaticFilesError `source`, where a folder on the way cannot be read
 */
export function lookUp(root: string, relativePath: string, options: LookUpOptions): LookedUp | undefined {
  const folderMeant = relativePath === '' || relativePath.endsWith('/');
  const names = relativePath.split('/').slice(0, folderMeant ? -1 : undefined);
  if (!names.every(isName)) return undefined;

  const entered = enterer(options);
  let sourcePath = root;
  let target = targetOf(root);
  let hiddenBy: string | undefined;
  for (const [index, name] of names.entries()) {
    if (!target?.isDirectory() || !entered(sourcePath)) return undefined;
    const folder = sourcePath;
    sourcePath = path.join(folder, name);
    target = targetOf(sourcePath);
    if (target && !readSource(folder, () => options.isListed(folder, name))) return undefined;
    hiddenBy ??= hidingPattern(names.slice(0, index + 1), target, options.ignore);
  }
  const there = target?.isDirectory() ? entered(sourcePath) : target?.isFile() && !folderMeant;
  return there ? { sourcePath, hiddenBy } : undefined;
}

/** Whether it is the name of one entry of a folder, and no way to somewhere else. */
function isName(name: string): boolean {
  return !['', '.', '..'].includes(name) && !name.includes('\0') && !name.includes(path.sep);
}

function hidingPattern(
  names: string[],
  target: fs.Stats | undefined,
  ignore: IgnoreRules,
): string | undefined {
  const name = names.at(-1)!;
  return target?.isDirectory() ? ignore.hidingFolder(name) : ignore.hidingFile(name, names.join('/'));
}

/** Says of each folder, on the way down from the root, whether a walk enters it: once on a path, and no excluded one. */
function enterer({ exclude, asListed }: LookUpOptions): (folder: string) => boolean {
  const excluded = realFolders(exclude, asListed);
  const onPath: string[] = [];
  let root: string | undefined;
  return (folder) => {
    const real = realFolder(folder);
    root ??= real;
    // Below the root, names are those on the disk.
    const realPath = isWithin(real, root) ? asListed(root) + real.slice(root.length) : real;
    if (onPath.includes(realPath) || isInside(realPath, excluded)) return false;
    onPath.push(realPath);
    return true;
  };
}

function targetOf(systemPath: string): fs.Stats | undefined {
  return readSource(systemPath, () => {
    try {
      return fs.statSync(systemPath, { throwIfNoEntry: false });
    } catch (error) {
      if (systemErrorCode(error) === 'ENAMETOOLONG') return undefined;
      throw error;
    }
  });
}
