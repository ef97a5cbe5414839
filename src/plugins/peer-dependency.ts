import { StaticFilesError, systemErrorCode } from '../errors.js';

/**
 * Loads an optional peer dependency: a package that only some storages need, and that a project installs itself.
 *
 * @param storage its name in the settings: `s3`
 * @param name the package: `@aws-sdk/client-s3`
 * @param load imports it; a function, so that TypeScript knows the type of the module
 * @param install the packages to install; only `name` by default
 * @throws StaticFilesError `settings` if that package is not installed; any other error is thrown unchanged
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

/** An installed package whose own dependency is missing is another problem. */
function isMissing(name: string, error: unknown): boolean {
  const code = systemErrorCode(error);
  if (code !== 'ERR_MODULE_NOT_FOUND' && code !== 'MODULE_NOT_FOUND') return false;
  return new RegExp(`^Cannot find (package|module) '${name}'`).test((error as Error).message);
}

/**
 * A client of an SDK. The SDK's own type is not named here, so that a project without the SDK can be type-checked.
 *
 * @typeParam Method a method by which the client is recognised: `send`
 */
export type SdkClient<Method extends string> = {
  readonly [Name in Method]: (...parameters: never[]) => unknown;
};
