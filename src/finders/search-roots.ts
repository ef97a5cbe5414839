import { createIsListed, type IsListed } from '../exact-names.js';
import type { SearchRoot, StaticFile } from '../static-file.js';
import type { FindContext, Finder } from './finder.js';
import { ignoreRules } from './ignore.js';
import { type LookedUp, lookUp } from './look-up.js';
import { isFolder } from './real-path.js';
import { walkTree } from './walk.js';

/**
 * A finder that searches some roots in order. A root whose folder is missing holds nothing.
 *
 * @param name The finder's name, as it is shown to people.
 */
export function searchRoots(name: string, roots: readonly SearchRoot[]): Finder {
  const isListed = createIsListed();
  return {
    name,
    roots: () => roots,
    list: (context) => listRoots(roots, context),
    find: (logicalPath, context) =>
      lookUpInRoots(roots, logicalPath, context, isListed)
        .filter(({ found }) => found.hiddenBy === undefined)
        .map(({ root, found }) => ({ logicalPath, sourcePath: found.sourcePath, root })),
    explain(logicalPath, context) {
      const matches = lookUpInRoots(roots, logicalPath, context, isListed);
      const hidden = matches.find(({ found }) => found.hiddenBy !== undefined)?.found;
      return hidden && { sourcePath: hidden.sourcePath, pattern: hidden.hiddenBy! };
    },
  };
}

function listRoots(roots: readonly SearchRoot[], context: FindContext): StaticFile[] {
  const ignore = ignoreRules(context.ignore);
  const files: StaticFile[] = [];
  for (const root of roots) {
    if (!isFolder(root.dir)) continue;
    const prefix = slashed(root.prefix);
    walkTree(root.dir, {
      ignore,
      exclude: context.exclude,
      warn: (warning) => context.warn(warning),
      found(relativePath, sourcePath) {
        files.push({ logicalPath: prefix + relativePath, sourcePath, root });
      },
    });
  }
  return files;
}

/** As in Django, a root's prefix must be there whole: neither `v` nor `v/sub` is found in a root of prefix `v/sub`. */
function lookUpInRoots(
  roots: readonly SearchRoot[],
  logicalPath: string,
  context: FindContext,
  isListed: IsListed,
) {
  const options = { ignore: ignoreRules(context.ignore), exclude: context.exclude, isListed };
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
