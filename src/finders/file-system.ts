import type { SearchRoot } from '../static-file.js';
import type { Finder } from './finder.js';
import type { VendorLinkPolicy } from './package-links.js';
import { searchRoots } from './search-roots.js';

/** Finds the files in the folders of `staticfilesDirs`. */
export function fileSystemFinder(roots: readonly SearchRoot[], vendorLinks?: VendorLinkPolicy): Finder {
  return searchRoots('file-system', roots, vendorLinks);
}
