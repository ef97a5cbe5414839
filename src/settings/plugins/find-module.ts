import path from 'node:path';
import { pathToFileURL } from 'node:url';

/** Whether a plug-in's name is the path of a file, and not that of a built-in or a package. */
export function isModulePath(name: string): boolean {
  return /^\.{1,2}[\\/]/.test(name) || path.isAbsolute(name);
}

/**
 * The URL of the module that a path or a package's name stands for, seen from a folder, as an `import` there
 * would find it (https://nodejs.org/api/esm.html#resolution-algorithm-specification). Node 20 itself has no
 * function for that: `require.resolve` does not find packages made for `import` only.
 *
 * @throws the resolver's error, where there is none
 */
export async function findModule(name: string, baseDir: string): Promise<string> {
  if (isModulePath(name)) return pathToFileURL(path.resolve(baseDir, name)).href;
  const { createJiti } = await import('jiti');
  return createJiti(path.join(baseDir, 'staticfiles.config.js'), { fsCache: false }).esmResolve(name);
}
