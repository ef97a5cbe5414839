import fs, { type Dirent, type Stats } from 'node:fs';
import path from 'node:path';
import { StaticFilesError } from '../errors.js';
import { kindOf } from '../files/bytes.js';
import { listedPath } from '../files/same-folder.js';
import type { Warning } from '../model/static-file.js';
import { quoted } from '../text/printable.js';
import type { IgnoreRules } from './ignore.js';
import { isInside, readSource, realFolder, realFolders } from './source-access.js';
import { assertUtf8Name } from './utf8-name.js';

interface WalkOptions {
  readonly ignore: IgnoreRules;
  /** Absolute folders to pass over, however they are reached. */
  readonly exclude: readonly string[];
  warn(warning: Warning): void;
  /**
   * Called for each link that is followed, with the real path of the folder that it is in. What it throws ends the walk.
   */
  followed?(link: string, folder: string): void;
  /** Called for each file; `relativePath` is its POSIX path from the root. */
  found(relativePath: string, sourcePath: string): void;
}

/** A folder on the way down from the root. */
interface Folder {
  /** Absolute path, with a separator at its end. */
  readonly path: string;
  /** POSIX path from the root, with a slash at its end; `''` for the root. */
  readonly relativePath: string;
  readonly realPath: string;
  readonly parent: Folder | undefined;
  /** Whether a link was followed on the way: only then can the way lead in a circle. */
  readonly linked: boolean;
}

/**
 * Tells of every file below a folder, in the order of names. Links are followed; each real folder comes at most
 * once on a path. It waits for nothing and asks for no `stat` of plain files and folders: what it takes is what
 * listing the folders takes.
 *
 * @param root Absolute path of a folder.
 * @throws StaticFilesError `source`, where something cannot be listed: no file is left out silently
 */
export function walkTree(root: string, options: WalkOptions): void {
  const walk = { ...options, exclude: realFolders(options.exclude) };
  enterFolder(
    {
      path: root.endsWith(path.sep) ? root : root + path.sep,
      relativePath: '',
      realPath: listedPath(realFolder(root)),
      parent: undefined,
      linked: false,
    },
    walk,
  );
}

function enterFolder(folder: Folder, walk: WalkOptions): void {
  if (isInside(folder.realPath, walk.exclude)) return;
  if (folder.linked && leadsBack(folder)) {
    walk.warn(loopWarning(folder));
    return;
  }
  for (const entry of readFolder(folder.path)) {
    if (entry.isFile()) visitFile(folder, entry.name, walk);
    else if (walk.ignore.hidingFolder(entry.name) === undefined) visitOther(folder, entry, walk);
  }
}

/** Sorted, so that the order in which a file system keeps its entries changes nothing. */
function readFolder(folder: string): Dirent[] {
  return readSource(folder, () => fs.readdirSync(folder, { withFileTypes: true })).sort(byName);
}

function byName(a: Dirent, b: Dirent): number {
  return a.name < b.name ? -1 : 1;
}

function visitFile(folder: Folder, name: string, walk: WalkOptions): void {
  const relativePath = folder.relativePath + name;
  if (walk.ignore.hidingFile(name, relativePath) !== undefined) return;
  assertUtf8Name(folder.path, name);
  walk.found(relativePath, folder.path + name);
}

function visitOther(folder: Folder, entry: Dirent, walk: WalkOptions): void {
  assertUtf8Name(folder.path, entry.name);
  if (entry.isDirectory()) enterFolder(plainChild(folder, entry.name), walk);
  else if (entry.isSymbolicLink()) visitLink(folder, entry.name, walk);
  else visitSpecial(folder, entry.name, entry, walk);
}

function visitLink(folder: Folder, name: string, walk: WalkOptions): void {
  const link = folder.path + name;
  const target = readSource(link, () => fs.statSync(link, { throwIfNoEntry: false }));
  const isHidden = () => walk.ignore.hidingFile(name, folder.relativePath + name) !== undefined;
  if (target?.isDirectory() || (target?.isFile() && !isHidden())) walk.followed?.(link, folder.realPath);
  if (target?.isDirectory()) enterFolder(linkedChild(folder, name), walk);
  else if (target?.isFile()) visitFile(folder, name, walk);
  else if (target) visitSpecial(folder, name, target, walk);
  else if (!isHidden()) throw danglingLink(link);
}

function visitSpecial(folder: Folder, name: string, entry: Dirent | fs.Stats, walk: WalkOptions): void {
  if (walk.ignore.hidingFile(name, folder.relativePath + name) !== undefined) return;
  walk.warn(specialFileWarning(folder.path + name, entry));
}

function plainChild(parent: Folder, name: string): Folder {
  return {
    path: parent.path + name + path.sep,
    relativePath: `${parent.relativePath}${name}/`,
    realPath: path.join(parent.realPath, name),
    parent,
    linked: parent.linked,
  };
}

function linkedChild(parent: Folder, name: string): Folder {
  return { ...plainChild(parent, name), realPath: realFolder(parent.path + name), linked: true };
}

function leadsBack(folder: Folder): boolean {
  let ancestor = folder.parent;
  while (ancestor && ancestor.realPath !== folder.realPath) ancestor = ancestor.parent;
  return ancestor !== undefined;
}

function loopWarning(folder: Folder): Warning {
  return {
    code: 'link-loop',
    message: `Passed over ${quoted(folder.path)}: links lead back to ${quoted(folder.realPath)}, which this path already goes through.`,
  };
}

function danglingLink(link: string): StaticFilesError {
  const target = readSource(link, () => fs.readlinkSync(link));
  return new StaticFilesError(
    'source',
    `${quoted(link)} is a link to ${quoted(target)}, which does not exist. ` +
      'Put the target back, remove the link, or leave it out with an ignore pattern.',
  );
}

/** Says that something is neither a file nor a folder nor a link, and was skipped: opening a FIFO may never return. */
function specialFileWarning(sourcePath: string, entry: Dirent | Stats): Warning {
  return {
    code: 'special-file',
    message: `Skipped ${quoted(sourcePath)}: it is ${kindOf(entry)}, not a file.`,
  };
}
