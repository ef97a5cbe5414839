import { StaticFilesError, systemErrorCode } from '../errors.js';

/**
 * Loads a package that only some storages need, and that a project installs itself: an optional peer dependency.
 *
 * @param storage as the settings name it: `s3`
 * @param name the package: `@aws-sdk/client-s3`
 * @param load imports it; a function, so that the type of the module is known
 * @param install what to install, where another package will be needed too
 * @throws StaticFilesError `settings` where that very package is not installed; any other failure as it is
 * @example
 * const sdk = await loadPeer('s3', '@aws-sdk/client-s3', () => import('@aws-sdk/client-s3'));
 */
export async function loadPeer<Module>(
  storage: string,
  name: string,
  load: () => Promise<Module>,
  install = name,
): Promise<Module> {
  try {
    return await load();
  } catch (cause) {
    if (!isMissing(name, cause)) throw cause;
    const message = `The storage '${storage}' needs the package '${name}': npm install ${install}`;
    throw new StaticFilesError('settings', message, { cause });
  }
}

/** A package that is there and lacks one of its own dependencies is another problem. */
function isMissing(name: string, error: unknown): boolean {
  const code = systemErrorCode(error);
  if (code !== 'ERR_MODULE_NOT_FOUND' && code !== 'MODULE_NOT_FOUND') return false;
  return new RegExp(`^Cannot find (package|module) '${name}'`).test((error as Error).message);
}
