import type { SearchRoot } from '../static-file.js';
import type { Finder } from './finder.js';
import { searchRoots } from './search-roots.js';

/** Finds the files in the folders of `staticfilesDirs`. */
export function fileSystemFinder(roots: readonly SearchRoot[]): Finder {
  return searchRoots('file-system', roots);
}
