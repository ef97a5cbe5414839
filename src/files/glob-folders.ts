import path from 'node:path';
import { describeSystemError, StaticFilesError } from '../errors.js';

/** Whether a path is meant as a pattern. */
export function isGlob(text: string): boolean {
  return /[*?[\]{}]|[!+@]\(/.test(text);
}

/**
 * The folders that match one of some globs, absolute and sorted. No `node_modules` is entered, unless a glob names it.
 *
 * @param baseDir Absolute folder from which relative globs hang.
 * @param ignore Globs of folders to leave out.
 * @throws StaticFilesError `settings`, where a folder on the way cannot be read
 * @see https://github.com/mrmlnc/fast-glob#pattern-syntax
 */
export async function globFolders(
  baseDir: string,
  globs: readonly string[],
  ignore: readonly string[] = [],
): Promise<readonly string[]> {
  const { default: fastGlob } = await import('fast-glob');
  const unwanted = ignore.map(plain);
  const options = {
    cwd: baseDir,
    absolute: true,
    onlyDirectories: true,
    ignore: globs.some((glob) => glob.includes('node_modules'))
      ? unwanted
      : ['**/node_modules/**', ...unwanted],
    // Below `**`, fast-glob would go round a loop of links until the path is too long.
    followSymbolicLinks: !globs.some((glob) => glob.includes('**')),
  };
  try {
    return (await fastGlob(globs.map(plain), options)).map(path.normalize).sort();
  } catch (error) {
    throw new StaticFilesError(
      'settings',
      `Cannot look for folders '${globs.join("', '")}' in '${baseDir}': ${describeSystemError(error)}.`,
      { cause: error },
    );
  }
}

/** Without `./` and a slash at the end, which match nothing. */
function plain(glob: string): string {
  return path.posix.normalize(glob).replace(/\/$/, '');
}
