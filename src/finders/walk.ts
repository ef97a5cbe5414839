import fs, { type Dirent, type Stats } from 'node:fs';
import { StaticFilesError } from '../errors.js';
import { describeKind } from '../files/bytes.js';
import type { Warning } from '../model/static-file.js';
import { quoted } from '../text/printable.js';
import { joined } from '../text/string-builder.js';
import type { IgnoreRules, RootRules } from './ignore.js';
import { readSource, realFolders } from './source-access.js';
import { isExcluded, isLoop, linkedChild, plainChild, rootFolder, type TreeFolder } from './tree-folder.js';
import { assertUtf8Name } from './utf8-name.js';

interface WalkOptions {
  readonly ignore: IgnoreRules & Partial<RootRules>;
  /** Absolute folders to leave out, by any path. */
  readonly exclude: readonly string[];
  warn(warning: Warning): void;
  /** Called for each link that is followed, with the real path of its folder. What it throws ends the walk. */
  followed?(link: string, folder: string): void;
  /** Called for each file. `relativePath` is its POSIX path from the root. */
  found(relativePath: string, sourcePath: string): void;
}

/**
 * Calls `found` for every file below a folder, in the order of names. Links are followed, each real folder at most once
 * on a path. It is synchronous and calls no `stat` for plain files and folders, so it takes the time of listing the
 * folders.
 *
 * @param root absolute path of a folder
 * @throws StaticFilesError `source` if something cannot be listed: no file is left out silently
 */
export function walkTree(root: string, options: WalkOptions): void {
  enterFolder(rootFolder(root), { ...options, exclude: realFolders(options.exclude) });
}

function enterFolder(folder: TreeFolder, walk: WalkOptions): void {
  if (isExcluded(folder, walk.exclude)) return;
  if (isLoop(folder)) {
    walk.warn(loopWarning(folder));
    return;
  }
  for (const entry of readFolder(folder.path)) {
    if (entry.isFile()) visitFile(folder, entry.name, walk);
    else if (!isHiddenFolder(folder, entry.name, walk)) visitOther(folder, entry, walk);
  }
}

function isHiddenFolder({ relativePath }: TreeFolder, name: string, { ignore }: WalkOptions): boolean {
  return ignore.hidingFolder(name, relativePath + name) !== undefined;
}

function isLeftOut({ relativePath }: TreeFolder, name: string, { ignore }: WalkOptions): boolean {
  const path = relativePath + name;
  return ignore.hidingFile(name, path) !== undefined || ignore.includes?.(path) === false;
}

/** Sorted, because the order of a file system must not change the result. */
function readFolder(folder: string): Dirent[] {
  return readSource(folder, () => fs.readdirSync(folder, { withFileTypes: true })).sort(byName);
}

function byName(a: Dirent, b: Dirent): number {
  return a.name < b.name ? -1 : 1;
}

function visitFile(folder: TreeFolder, name: string, walk: WalkOptions): void {
  if (isLeftOut(folder, name, walk)) return;
  assertUtf8Name(folder.path, name);
  walk.found(joined(folder.relativePath, name), joined(folder.path, name));
}

function visitOther(folder: TreeFolder, entry: Dirent, walk: WalkOptions): void {
  assertUtf8Name(folder.path, entry.name);
  if (entry.isDirectory()) enterFolder(plainChild(folder, entry.name), walk);
  else if (entry.isSymbolicLink()) visitLink(folder, entry.name, walk);
  else visitSpecial(folder, entry.name, entry, walk);
}

function visitLink(folder: TreeFolder, name: string, walk: WalkOptions): void {
  const link = folder.path + name;
  const target = readSource(link, () => fs.statSync(link, { throwIfNoEntry: false }));
  const isHidden = () => isLeftOut(folder, name, walk);
  if (target?.isDirectory() || (target?.isFile() && !isHidden())) walk.followed?.(link, folder.realPath);
  if (target?.isDirectory()) enterFolder(linkedChild(folder, name), walk);
  else if (target?.isFile()) visitFile(folder, name, walk);
  else if (target) visitSpecial(folder, name, target, walk);
  else if (!isHidden()) throw danglingLink(link);
}

/** Skips a FIFO, a socket or a device: opening a FIFO may never return. */
function visitSpecial(folder: TreeFolder, name: string, entry: Dirent | Stats, walk: WalkOptions): void {
  if (isLeftOut(folder, name, walk)) return;
  const sourcePath = quoted(folder.path + name);
  const message = `Skipped ${sourcePath}: it is ${describeKind(entry)}, not a file.`;
  walk.warn({ code: 'special-file', message });
}

function loopWarning(folder: TreeFolder): Warning {
  return {
    code: 'link-loop',
    message: `Skipped ${quoted(folder.path)}: a link on this path points back to ${quoted(folder.realPath)}.`,
  };
}

function danglingLink(link: string): StaticFilesError {
  const target = readSource(link, () => fs.readlinkSync(link));
  return new StaticFilesError(
    'source',
    `${quoted(link)} is a link to ${quoted(target)}, which does not exist. ` +
      'Restore the target, remove the link, or leave it out with an ignore pattern.',
  );
}
