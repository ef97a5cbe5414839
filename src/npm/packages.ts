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
 * Returns the folder of an installed npm package; `undefined` if it is not installed. Looks in the folders in which Node
 * looks: `resolve()` fails if the package's `exports` hide its `package.json`.
 *
 * @param baseDir absolute folder of the project
 */
export function packageFolder(name: string, baseDir: string): string | undefined {
  const { resolve } = createRequire(path.join(baseDir, 'package.json'));
  // A name that is also a module of Node's own, such as `events`, has search paths only with a file behind it.
  const searched = resolve.paths(`${name}/package.json`) ?? [];
  return searched
    .map((folder) => path.join(folder, name))
    .find((folder) => fs.existsSync(path.join(folder, 'package.json')));
}

/** Returns the folder of the npm package that contains a path; `undefined` for a `node_modules` or a scope itself. */
export function packageFolderOf(folder: string): string | undefined {
  const parts = folder.split(path.sep);
  const name = parts.lastIndexOf('node_modules') + 1;
  if (name === 0 || parts[name] === undefined || parts[name].startsWith('.')) return undefined;
  const end = parts[name].startsWith('@') ? name + 2 : name + 1;
  return end > parts.length ? undefined : parts.slice(0, end).join(path.sep);
}

/** Returns the name of the npm package that contains a path, such as `@scope/icons`. */
export function packageNameOf(systemPath: string): string | undefined {
  const folder = packageFolderOf(systemPath);
  const parts = folder?.split(path.sep);
  return parts?.slice(parts.lastIndexOf('node_modules') + 1).join('/');
}

/** Whether a path is in an installed npm package. A workspace of the project is not, although `node_modules` links to it. */
export function isVendor(systemPath: string): boolean {
  return realPath(packageFolderOf(systemPath) ?? systemPath)
    .split(path.sep)
    .includes('node_modules');
}

/** Returns the nearest folder with a `package.json`, from `dir` upwards. */
export function projectFolder(dir: string): string | undefined {
  if (fs.existsSync(path.join(dir, 'package.json'))) return dir;
  const parent = path.dirname(dir);
  return parent === dir ? undefined : projectFolder(parent);
}
