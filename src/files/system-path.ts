import fs from 'node:fs';
import path from 'node:path';
import { describeSystemError, systemErrorCode } from '../errors.js';

/** Whether `child` is `parent` or lies below it. Both absolute; compares names, resolves no links. */
export function isWithin(child: string, parent: string): boolean {
  const relative = path.relative(parent, child);
  return (
    relative === '' ||
    !(relative === '..' || relative.startsWith(`..${path.sep}`) || path.isAbsolute(relative))
  );
}

/** The path with its links resolved, as far as it exists; the rest of it stays as it is. */
export function realPath(systemPath: string): string {
  try {
    return fs.realpathSync.native(systemPath);
  } catch {
    const parent = path.dirname(systemPath);
    return parent === systemPath ? systemPath : path.join(realPath(parent), path.basename(systemPath));
  }
}

/** A path of this system with `/` between its parts. */
export function toPosix(systemPath: string): string {
  return path.sep === '/' ? systemPath : systemPath.split(path.sep).join('/');
}

/** Whether a path leads to a file, links followed. */
export function isFile(systemPath: string): boolean {
  return fs.statSync(systemPath, { throwIfNoEntry: false })?.isFile() ?? false;
}

/** What stands at a path that should be a folder. */
export type DirectoryState = 'directory' | 'missing' | { readonly problem: string };

/** Looks at a path, through links. */
export function directoryState(dir: string): DirectoryState {
  try {
    return fs.statSync(dir).isDirectory() ? 'directory' : { problem: 'it is not a directory' };
  } catch (error) {
    // Not `throwIfNoEntry`: newer versions of Node take a file for a part of the path for a missing entry too.
    return systemErrorCode(error) === 'ENOENT' ? 'missing' : { problem: describeSystemError(error) };
  }
}
