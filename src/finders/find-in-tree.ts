import fs from 'node:fs';
import path from 'node:path';
import { systemErrorCode } from '../errors.js';
import type { IsListed } from '../files/exact-names.js';
import type { RootRules } from './ignore.js';
import { readSource, realFolders } from './source-access.js';
import { childFolder, isExcluded, isLoop, rootFolder, type TreeFolder } from './tree-folder.js';

export interface LookUpOptions {
  readonly ignore: RootRules;
  /** Absolute folders to leave out, by any path. */
  readonly exclude: readonly string[];
  readonly isListed: IsListed;
  /** Returns a real path in the spelling of a walk; see {@link realFolders}. */
  readonly asListed: (realPath: string) => string;
}

/** A file or folder at a path below a root. */
export interface LookedUp {
  readonly sourcePath: string;
  /** The ignore pattern that hides it, or a folder it is in. */
  readonly hiddenBy: string | undefined;
  /** Whether it is a file that `include` of the root does not name. */
  readonly notIncluded?: boolean;
}

/**
 * Returns the file or folder at a path below a root, if a walk would find it there. It goes down name by name, by the
 * rules of {@link walkTree}. So it reads no excluded folder, leaves the root only by a link, and compares ignore
 * patterns with the names on the disk.
 *
 * @param root absolute path of a folder
 * @param relativePath POSIX path; one that ends with a slash finds only folders, `''` is the root
 * @throws StaticFilesError `source` if a folder on the way cannot be read
 */
export function lookUp(root: string, relativePath: string, options: LookUpOptions): LookedUp | undefined {
  const folderMeant = relativePath === '' || relativePath.endsWith('/');
  const names = relativePath.split('/').slice(0, folderMeant ? -1 : undefined);
  if (!names.every(isName) || !targetOf(root)?.isDirectory()) return undefined;

  const excluded = realFolders(options.exclude, options.asListed);
  const isEntered = (folder: TreeFolder) => !isExcluded(folder, excluded) && !isLoop(folder);
  let sourcePath = root;
  let folder = rootFolder(root, options.asListed);
  let hiddenBy: string | undefined;
  for (const [index, name] of names.entries()) {
    if (!isEntered(folder)) return undefined;
    const parent = sourcePath;
    sourcePath = path.join(parent, name);
    const target = targetOf(sourcePath);
    if (!target || !readSource(parent, () => options.isListed(parent, name))) return undefined;
    hiddenBy ??= hidingPattern(names.slice(0, index + 1), target, options.ignore);
    const isFile = target.isFile() && !folderMeant && index === names.length - 1;
    if (isFile) return { sourcePath, hiddenBy, notIncluded: !options.ignore.includes(relativePath) };
    if (!target.isDirectory()) return undefined;
    folder = childFolder(folder, name);
  }
  return isEntered(folder) ? { sourcePath, hiddenBy } : undefined;
}

/** Whether it is the name of an entry of a folder, and not a path to somewhere else. */
function isName(name: string): boolean {
  return !['', '.', '..'].includes(name) && !name.includes('\0') && !name.includes(path.sep);
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

function hidingPattern(names: string[], target: fs.Stats, ignore: RootRules): string | undefined {
  const name = names.at(-1)!;
  const relativePath = names.join('/');
  return target.isDirectory()
    ? ignore.hidingFolder(name, relativePath)
    : ignore.hidingFile(name, relativePath);
}
