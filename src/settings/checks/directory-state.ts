import fs from 'node:fs';
import { describeSystemError, systemErrorCode } from '../../errors.js';

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
