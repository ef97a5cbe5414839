import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { realPath } from '../files/system-path.js';

/**
 * Whether a text can be the name of an npm package: `bootstrap`, `@scope/icons`.
 *
 * @see https://docs.npmjs.com/cli/configuring-npm/package-json#name
 */
export function isPackageName(text: string): boolean {
  return /^(?:@[a-z\d~-][\w.~-]*\/)?[a-z\d~-][\w.~-]*$/i.test(text);
}

/**
 * The folder of an installed npm package; `undefined` where there is none. Goes by the folders in which Node looks,
 * not by `resolve()`, which refuses where the package's `exports` hide its `package.json`.
 *
 * @param baseDir Absolute folder of the project.
 */
export function packageFolder(name: string, baseDir: string): string | undefined {
  const { resolve } = createRequire(path.join(baseDir, 'package.json'));
  // For a name that one of Node's own modules bears too, such as `events`, there are paths to its files only.
  const searched = resolve.paths(`${name}/package.json`) ?? [];
  return searched
    .map((folder) => path.join(folder, name))
    .find((folder) => fs.existsSync(path.join(folder, 'package.json')));
}

/** The folder of the npm package that a path is in; `undefined` for a `node_modules` or a scope itself. */
export function packageFolderOf(folder: string): string | undefined {
  const parts = folder.split(path.sep);
  const name = parts.lastIndexOf('node_modules') + 1;
  if (name === 0 || parts[name] === undefined || parts[name].startsWith('.')) return undefined;
  const end = parts[name].startsWith('@') ? name + 2 : name + 1;
  return end > parts.length ? undefined : parts.slice(0, end).join(path.sep);
}

/** Whether a path is in an installed npm package; a workspace of the project is only linked from `node_modules`. */
export function isVendor(systemPath: string): boolean {
  return realPath(packageFolderOf(systemPath) ?? systemPath)
    .split(path.sep)
    .includes('node_modules');
}

/** The nearest folder from `dir` upwards that has a `package.json`, or `undefined`. */
export function projectFolder(dir: string): string | undefined {
  if (fs.existsSync(path.join(dir, 'package.json'))) return dir;
  const parent = path.dirname(dir);
  return parent === dir ? undefined : projectFolder(parent);
}
