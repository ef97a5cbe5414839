import fs from 'node:fs';
import { describeSystemError } from '../../errors.js';

/** What stands at a path that should be a folder. */
export type DirectoryState = 'directory' | 'missing' | { readonly problem: string };

/** Looks at a path, through links. */
export function directoryState(dir: string): DirectoryState {
  try {
    const stats = fs.statSync(dir, { throwIfNoEntry: false });
    if (stats === undefined) return 'missing';
    return stats.isDirectory() ? 'directory' : { problem: 'it is not a directory' };
  } catch (error) {
    return { problem: describeSystemError(error) };
  }
}
