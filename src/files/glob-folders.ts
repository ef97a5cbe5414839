import path from 'node:path';
import { describeSystemError, StaticFilesError } from '../errors.js';

/** Whether a text has characters of a glob. */
export function isGlob(text: string): boolean {
  return /[*?[\]{}]|[!+@]\(/.test(text);
}

/**
 * Returns the folders that match a glob, absolute and sorted. `node_modules` is searched only if a glob names it.
 *
 * @param baseDir absolute folder from which relative globs are resolved
 * @param ignore globs of folders to leave out
 * @throws StaticFilesError `settings` if a folder cannot be read
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
    // Below `**`, fast-glob would follow a loop of links until the path is too long.
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

/** Removes `./` and a slash at the end: fast-glob matches nothing with them. */
function plain(glob: string): string {
  return path.posix.normalize(glob).replace(/\/$/, '');
}
