import { posixDirname, publicUrl } from '../../model/public-path.js';

export interface InvalidationLimits {
  /** Where the files are below the domain: `/static/`. */
  readonly basePath: string;
  /** How many paths there may be. */
  readonly maxPaths: number;
}

/** The service takes 15 that are in progress at a time: a second deploy soon after still finds room. */
const MOST_WILDCARDS = 7;

/**
 * The paths that tell CloudFront of changed files, escaped as it wants them
 * (https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/invalidation-specifying-objects.html): one a file,
 * or, where these are too many, wildcards for folders, the deepest ones first, at last one for all. A wildcard counts
 * as one path, and costs as much.
 *
 * @returns in order, none twice
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

/** How many folders a file is in. */
function depthOf(publicPath: string): number {
  return publicPath.split('/').length - 1;
}

/** The same paths, but where several are below one folder at a depth, or deeper, a wildcard for that folder. */
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
 * A tilde is taken in no form that finds the file (https://github.com/aws/aws-sdk/issues/525), and an asterisk is a
 * wildcard: what follows either is left to a wildcard.
 */
function escaped(basePath: string, publicPath: string): string {
  const url = publicUrl(basePath, publicPath);
  const end = url.search(/[~*]/);
  return end === -1 ? url : `${url.slice(0, end)}*`;
}
