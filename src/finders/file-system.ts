import { createIsListed } from '../files/exact-names.js';
import { listedPath } from '../files/same-folder.js';
import type { SearchRoot, StaticFile } from '../model/static-file.js';
import { joined } from '../text/string-builder.js';
import { type LookedUp, type LookUpOptions, lookUp } from './find-in-tree.js';
import type { FindContext, Finder } from './finder.js';
import { rootRules } from './ignore.js';
import { packageLinks, type VendorLinkPolicy } from './package-links.js';
import { isFolder } from './source-access.js';
import { walkTree } from './walk.js';

/** Returns the finder for the folders of `staticfilesDirs`. */
export function fileSystemFinder(roots: readonly SearchRoot[], vendorLinks?: VendorLinkPolicy): Finder {
  return searchRoots('file-system', roots, vendorLinks);
}

/**
 * Returns a finder that searches some roots in order. A root whose folder is missing has no files.
 *
 * @param name the finder's name in messages
 */
export function searchRoots(
  name: string,
  roots: readonly SearchRoot[],
  vendorLinks: VendorLinkPolicy = 'warn',
): Finder {
  const names: FolderNames = { isListed: createIsListed(), asListed: memoized(listedPath) };
  return {
    name,
    reportsPatterns: true,
    roots: () => roots,
    list: (context) => listRoots(roots, vendorLinks, context),
    find: (logicalPath, context) =>
      lookUpInRoots(roots, logicalPath, context, names)
        .filter(({ found }) => found.hiddenBy === undefined && !found.notIncluded)
        .map(({ root, found }) => ({ logicalPath, sourcePath: found.sourcePath, root })),
    explain(logicalPath, context) {
      const matches = lookUpInRoots(roots, logicalPath, context, names);
      for (const { root, found } of matches) {
        const { sourcePath, hiddenBy, notIncluded } = found;
        if (hiddenBy !== undefined) return { sourcePath, pattern: hiddenBy };
        if (notIncluded) return { sourcePath, pattern: root.include!.join(', '), by: 'include' };
      }
      return undefined;
    },
  };
}

/** Names of folders, kept from one look-up to the next: listing the folders above takes most of a look-up's time. */
type FolderNames = Pick<LookUpOptions, 'isListed' | 'asListed'>;

function memoized(ask: (name: string) => string): (name: string) => string {
  const known = new Map<string, string>();
  return (name) => {
    const answer = known.get(name) ?? ask(name);
    known.set(name, answer);
    return answer;
  };
}

function listRoots(
  roots: readonly SearchRoot[],
  vendorLinks: VendorLinkPolicy,
  context: FindContext,
): StaticFile[] {
  const files: StaticFile[] = [];
  for (const root of roots) {
    if (!isFolder(root.dir)) continue;
    const prefix = withSlash(root.prefix);
    const followed = packageLinks(root, vendorLinks, context);
    walkTree(root.dir, {
      ignore: rootRules(root, context),
      exclude: context.exclude,
      warn: (warning) => context.warn(warning),
      ...(followed && { followed }),
      found(relativePath, sourcePath) {
        files.push({ logicalPath: joined(prefix, relativePath), sourcePath, root });
      },
    });
  }
  return files;
}

/**
 * As in Django, a path must start with the whole prefix: a root with the prefix `v/sub` finds neither `v` nor `v/sub`.
 */
function lookUpInRoots(
  roots: readonly SearchRoot[],
  logicalPath: string,
  context: FindContext,
  names: FolderNames,
) {
  const options = { exclude: context.exclude, ...names };
  const matches: { root: SearchRoot; found: LookedUp }[] = [];
  for (const root of roots) {
    const prefix = withSlash(root.prefix);
    if (!logicalPath.startsWith(prefix)) continue;
    const found = lookUp(root.dir, logicalPath.slice(prefix.length), {
      ...options,
      ignore: rootRules(root, context),
    });
    if (found) matches.push({ root, found });
  }
  return matches;
}

function withSlash(prefix: string): string {
  return prefix === '' ? '' : `${prefix}/`;
}
