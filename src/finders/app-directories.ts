import path from 'node:path';
import { StaticFilesError } from '../errors.js';
import { globFolders, isGlob } from '../files/glob-folders.js';
import { toPosix } from '../files/system-path.js';
import type { SearchRoot, Warning } from '../model/static-file.js';
import { isPackageName, isVendor, packageFolder } from '../npm/packages.js';
import { searchRoots } from './file-system.js';
import type { Finder } from './finder.js';
import type { VendorLinkPolicy } from './package-links.js';
import { isFolder, realFolder } from './source-access.js';

/** An entry of `installedApps`. */
export interface InstalledAppEntry {
  /** A folder, a glob of folders, or the name of an npm package. */
  readonly app: string;
  /** Folder of static files in the app (default: `static`). */
  readonly dir?: string | undefined;
  /** Folder before each logical path (default: none). */
  readonly prefix?: string | undefined;
  /** Patterns of the files to take (default: all). */
  readonly include?: readonly string[] | undefined;
  /** Patterns of files and folders to leave out. */
  readonly ignore?: readonly string[] | undefined;
  /** Name of the entry in messages: `installedApps[0]`. */
  readonly setting: string;
}

interface ResolveAppsContext {
  /** Absolute folder from which relative paths and packages are resolved. */
  readonly baseDir: string;
  warn(warning: Warning): void;
}

/** One of the apps of an entry. */
interface App {
  readonly entry: InstalledAppEntry;
  /** Name in messages: `bootstrap`, `apps/blog`. */
  readonly name: string;
  /** Absolute path. */
  readonly folder: string;
}

/** Returns the finder for the static files of the apps. */
export function appDirectoriesFinder(roots: readonly SearchRoot[], vendorLinks?: VendorLinkPolicy): Finder {
  return searchRoots('app-directories', roots, vendorLinks);
}

/**
 * Returns the static folders of the apps, in order. An app without one is left out. An app that is named twice
 * (`apps/blog`, then `apps/*`) counts once, at its first place.
 *
 * @throws StaticFilesError `settings` if an app cannot be found
 *
 * @example
 * await resolveApps([{ app: 'bootstrap', dir: 'dist', setting: 'installedApps[0]' }], { baseDir, warn });
 * // [{ dir: '/project/node_modules/bootstrap/dist', prefix: '', setting: 'installedApps[0] (bootstrap)', vendor: true
 * }]
 */
export async function resolveApps(
  entries: readonly InstalledAppEntry[],
  context: ResolveAppsContext,
): Promise<readonly SearchRoot[]> {
  const roots = new Map<string, SearchRoot>();
  for (const entry of entries) {
    for (const app of await appsOf(entry, context)) {
      const root = rootOf(app, context);
      const key = root && JSON.stringify([realFolder(root.dir), root.prefix, root.include, root.ignore]);
      if (root && key && !roots.has(key)) roots.set(key, root);
    }
  }
  return [...roots.values()];
}

/** An existing folder wins over a glob and a package of the same name. */
async function appsOf(entry: InstalledAppEntry, context: ResolveAppsContext): Promise<readonly App[]> {
  const { app } = entry;
  const folder = path.resolve(context.baseDir, app);
  if (isFolder(folder)) return [{ entry, name: app, folder }];
  if (isGlob(app)) return appsOfGlob(entry, context);
  const installed = isPackageName(app) ? packageFolder(app, context.baseDir) : undefined;
  if (installed === undefined) throw appNotFound(entry, context.baseDir);
  return [{ entry, name: app, folder: installed }];
}

async function appsOfGlob(entry: InstalledAppEntry, context: ResolveAppsContext): Promise<readonly App[]> {
  const folders = await globFolders(context.baseDir, [entry.app]);
  if (folders.length === 0) {
    context.warn({
      code: 'no-app-matches',
      message: `${entry.setting}: no folder matches '${entry.app}' in '${context.baseDir}'. Correct or remove the pattern.`,
    });
  }
  return folders.map((folder) => ({ entry, folder, name: toPosix(path.relative(context.baseDir, folder)) }));
}

function rootOf(app: App, context: ResolveAppsContext): SearchRoot | undefined {
  const { entry, name, folder } = app;
  const dir = path.join(folder, entry.dir ?? 'static');
  const vendor = isVendor(folder);
  const { prefix = '', include, ignore } = entry;
  if (isFolder(dir)) {
    const setting = `${entry.setting} (${name})`;
    return { dir, prefix, setting, vendor, ...(include && { include }), ...(ignore && { ignore }) };
  }
  // As in Django, an app of the project may have no static files.
  if (!isGlob(entry.app) && (vendor || entry.dir !== undefined)) context.warn(noStaticFolder(app));
  return undefined;
}

function noStaticFolder({ entry, name, folder }: App): Warning {
  const usual = ['dist', 'build', 'public', 'assets'];
  const likely = usual.find((candidate) => isFolder(path.join(folder, candidate))) ?? '…';
  return {
    code: 'app-without-static',
    message:
      `${entry.setting}: '${name}' has no folder '${entry.dir ?? 'static'}' in '${folder}', so nothing is collected from it. ` +
      `Name the folder that holds its files: { "app": "${name}", "dir": "${likely}" }.`,
  };
}

function appNotFound({ app, setting }: InstalledAppEntry, baseDir: string): StaticFilesError {
  const noFolder = `there is no folder '${path.resolve(baseDir, app)}'`;
  const message = isPackageName(app)
    ? `${setting}: no app '${app}' was found: ${noFolder}, and no npm package of that name in any node_modules ` +
      `from '${baseDir}' upwards. Install the package, or correct the name.`
    : `${setting}: ${noFolder}. Create it, or correct the path.`;
  return new StaticFilesError('settings', message);
}
