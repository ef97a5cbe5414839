import { StaticFilesError } from '../errors.js';
import { cannotRead, readRegularFile } from '../files/bytes.js';
import { isFile } from '../files/system-path.js';
import { withoutFingerprint } from '../model/fingerprinted-path.js';
import { isPublishable } from '../model/public-path.js';
import { MissingStaticFileError, type StaticLookup } from './lookup.js';

/** Finds the files behind names and URLs, for programs that load no URLs: renderers of PDF and mail. */
export interface StaticFiles {
  /**
   * Returns the absolute path of a file: the published one or, in development, its source.
   *
   * @param name logical path, or a URL that `static()` has returned
   * @throws MissingStaticFileError if no static file has this name; StaticFilesError `target` if the files are on another machine
   * @example
   * statics.file('css/mail.css'); // '/srv/app/staticfiles/css/mail.27e20196a850.css'
   */
  file(name: string): string;
  /**
   * Returns the bytes of a file.
   *
   * @param name logical path, or a URL that `static()` has returned
   * @throws the errors of {@link StaticFiles.file}
   * @example
   * const style = `<style>${await statics.read('css/mail.css')}</style>`;
   */
  read(name: string): Promise<Buffer>;
}

/**
 * Returns the files of a look-up.
 *
 * @param locate returns the absolute path of a file by its logical path; `undefined` if the name is unknown
 */
export function createStaticFiles(
  lookup: StaticLookup,
  locate: (logicalPath: string) => string | undefined,
): StaticFiles {
  const file = (name: string): string => {
    const logicalPath = logicalPathOf(name, lookup);
    const found = isPublishable(logicalPath) ? locate(logicalPath) : undefined;
    if (found !== undefined && isFile(found)) return found;
    throw new MissingStaticFileError(`There is no static file '${name}'.`);
  };
  return {
    file,
    async read(name) {
      const found = file(name);
      try {
        return await readRegularFile(found);
      } catch (error) {
        throw cannotRead('target', `'${found}'`, error);
      }
    },
  };
}

/** Returns the error for files that are not in a folder of this machine. */
export function filesElsewhere(destination: string): StaticFilesError {
  return new StaticFilesError(
    'target',
    `The files are published to ${destination}, which is not a folder on this machine. file() and read() need one.`,
  );
}

function logicalPathOf(name: string, { STATIC_URL, publicPath }: StaticLookup): string {
  const path = name.replace(/[?#].*/s, '');
  if (!path.startsWith(STATIC_URL)) return path;
  const requested = decoded(path.slice(STATIC_URL.length));
  const logicalPath = withoutFingerprint(requested);
  return logicalPath !== undefined && isNameOf(requested, logicalPath, publicPath) ? logicalPath : requested;
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

function isNameOf(path: string, logicalPath: string, publicPath: StaticLookup['publicPath']): boolean {
  try {
    return publicPath(logicalPath) === path;
  } catch {
    return false;
  }
}
