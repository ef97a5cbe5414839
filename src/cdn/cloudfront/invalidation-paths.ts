import { posixDirname, publicUrl } from '../../model/public-path.js';

export interface InvalidationLimits {
  /** The path of the files below the domain: `/static/`. */
  readonly basePath: string;
  /** The largest number of paths. */
  readonly maxPaths: number;
}

/** The service allows 15 wildcards in progress at a time. This leaves room for a second deploy soon after. */
const MOST_WILDCARDS = 7;

/**
 * Returns the paths of an invalidation for changed files, sorted and without duplicates. They are escaped as CloudFront
 * expects
 * (https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/invalidation-specifying-objects.html). If there are
 * too many, wildcards stand for folders, the deepest ones first, and in the end one for all files. A wildcard costs as much
 * as one path.
 */
export function invalidationPaths(
  publicPaths: readonly string[],
  { basePath, maxPaths }: InvalidationLimits,
): readonly string[] {
  const deepest = Math.max(0, ...publicPaths.map(depthOf));
  for (let depth = Infinity; depth >= 1; depth = Math.min(depth - 1, deepest)) {
    const paths = new Set(gathered(publicPaths, depth).map((path) => escaped(basePath, path)));
    const wildcards = [...paths].filter((path) => path.endsWith('*')).length;
    if (paths.size <= maxPaths && wildcards <= MOST_WILDCARDS) return [...paths].sort();
  }
  return [escaped(basePath, '*')];
}

/** Returns the number of folders that a file is in. */
function depthOf(publicPath: string): number {
  return publicPath.split('/').length - 1;
}

/** Replaces paths at a depth, or deeper, by a wildcard for their folder if it has several. */
function gathered(publicPaths: readonly string[], depth: number): readonly string[] {
  const byFolder = new Map<string, string[]>();
  const single: string[] = [];
  for (const publicPath of publicPaths) {
    if (depthOf(publicPath) < depth) single.push(publicPath);
    else {
      const folder = posixDirname(publicPath).split('/').slice(0, depth).join('/');
      const known = byFolder.get(folder);
      if (known === undefined) byFolder.set(folder, [publicPath]);
      else known.push(publicPath);
    }
  }
  const folders = Array.from(byFolder, ([folder, files]) => (files.length === 1 ? files[0]! : `${folder}/*`));
  return [...single, ...folders];
}

/**
 * Escapes a path, up to a tilde or an asterisk, which a wildcard replaces. A tilde works in no form
 * (https://github.com/aws/aws-sdk/issues/525), and an asterisk is a wildcard.
 */
function escaped(basePath: string, publicPath: string): string {
  const url = publicUrl(basePath, publicPath);
  const end = url.search(/[~*]/);
  return end === -1 ? url : `${url.slice(0, end)}*`;
}
