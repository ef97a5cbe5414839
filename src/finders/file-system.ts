import { createIsListed } from '../files/exact-names.js';
import { listedPath } from '../files/same-folder.js';
import type { SearchRoot, StaticFile } from '../model/static-file.js';
import { type LookedUp, type LookUpOptions, lookUp } from './find-in-tree.js';
import type { FindContext, Finder } from './finder.js';
import { ignoreRules } from './ignore.js';
import { packageLinks, type VendorLinkPolicy } from './package-links.js';
import { isFolder } from './source-access.js';
import { walkTree } from './walk.js';

/**
 * A finder that searches some roots in order. A root whose folder is missing holds nothing.
 *
 * @param name The finder's name, as it is shown to people.
 */
export function searchRoots(
  name: string,
  roots: readonly SearchRoot[],
  vendorLinks: VendorLinkPolicy = 'warn',
): Finder {
  const names: FolderNames = { isListed: createIsListed(), asListed: remembered(listedPath) };
  return {
    name,
    roots: () => roots,
    list: (context) => listRoots(roots, vendorLinks, context),
    find: (logicalPath, context) =>
      lookUpInRoots(roots, logicalPath, context, names)
        .filter(({ found }) => found.hiddenBy === undefined)
        .map(({ root, found }) => ({ logicalPath, sourcePath: found.sourcePath, root })),
    explain(logicalPath, context) {
      const matches = lookUpInRoots(roots, logicalPath, context, names);
      const hidden = matches.find(({ found }) => found.hiddenBy !== undefined)?.found;
      return hidden && { sourcePath: hidden.sourcePath, pattern: hidden.hiddenBy! };
    },
  };
}

function listRoots(
  roots: readonly SearchRoot[],
  vendorLinks: VendorLinkPolicy,
  context: FindContext,
): StaticFile[] {
  const ignore = ignoreRules(context.ignore);
  const files: StaticFile[] = [];
  for (const root of roots) {
    if (!isFolder(root.dir)) continue;
    const prefix = slashed(root.prefix);
    const followed = packageLinks(root, vendorLinks, context);
    walkTree(root.dir, {
      ignore,
      exclude: context.exclude,
      warn: (warning) => context.warn(warning),
      ...(followed && { followed }),
      found(relativePath, sourcePath) {
        files.push({ logicalPath: prefix + relativePath, sourcePath, root });
      },
    });
  }
  return files;
}

/** What is known of names from one look-up to the next: listing all folders above for each would take most of its time. */
type FolderNames = Pick<LookUpOptions, 'isListed' | 'asListed'>;

function remembered(ask: (name: string) => string): (name: string) => string {
  const known = new Map<string, string>();
  return (name) => {
    const answer = known.get(name) ?? ask(name);
    known.set(name, answer);
    return answer;
  };
}

/** As in Django, a root's prefix must be there whole: neither `v` nor `v/sub` is found in a root of prefix `v/sub`. */
function lookUpInRoots(
  roots: readonly SearchRoot[],
  logicalPath: string,
  context: FindContext,
  names: FolderNames,
) {
  const options = { ignore: ignoreRules(context.ignore), exclude: context.exclude, ...names };
  const matches: { root: SearchRoot; found: LookedUp }[] = [];
  for (const root of roots) {
    const prefix = slashed(root.prefix);
    if (!logicalPath.startsWith(prefix)) continue;
    const found = lookUp(root.dir, logicalPath.slice(prefix.length), options);
    if (found) matches.push({ root, found });
  }
  return matches;
}

function slashed(prefix: string): string {
  return prefix === '' ? '' : `${prefix}/`;
}

/** Finds the files in the folders of `staticfilesDirs`. */
export function fileSystemFinder(roots: readonly SearchRoot[], vendorLinks?: VendorLinkPolicy): Finder {
  return searchRoots('file-system', roots, vendorLinks);
}
