import fs from 'node:fs';
import path from 'node:path';
import { describeSystemError, systemErrorCode } from '../errors.js';

/** Whether `child` is `parent` or below it. Both are absolute. Compares names, and resolves no links. */
export function isWithin(child: string, parent: string): boolean {
  const relative = path.relative(parent, child);
  return (
    relative === '' ||
    !(relative === '..' || relative.startsWith(`..${path.sep}`) || path.isAbsolute(relative))
  );
}

/** Returns a path with `/` as its separator. */
export function toPosix(systemPath: string): string {
  return path.sep === '/' ? systemPath : systemPath.split(path.sep).join('/');
}

/** Returns the path with its links resolved. The part of it that does not exist is left as it is. */
export function realPath(systemPath: string): string {
  try {
    return fs.realpathSync.native(systemPath);
  } catch {
    const parent = path.dirname(systemPath);
    return parent === systemPath ? systemPath : path.join(realPath(parent), path.basename(systemPath));
  }
}

/** Whether a path is a file, or a link to one. Throws raw system errors. */
export function isFile(systemPath: string): boolean {
  return fs.statSync(systemPath, { throwIfNoEntry: false })?.isFile() ?? false;
}

/** What was found at the path of a folder. */
export type DirectoryState = 'directory' | 'missing' | { readonly problem: string };

/** Returns what is at the path of a folder. Links are followed. */
export function directoryState(dir: string): DirectoryState {
  try {
    return fs.statSync(dir).isDirectory() ? 'directory' : { problem: 'it is not a directory' };
  } catch (error) {
    // Not `throwIfNoEntry`: newer versions of Node.js also call an entry missing if a part of its path is a file.
    return systemErrorCode(error) === 'ENOENT' ? 'missing' : { problem: describeSystemError(error) };
  }
}
