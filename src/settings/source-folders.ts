import fs from 'node:fs';
import path from 'node:path';
import type { InferOutput } from 'valibot';
import type { SettingsProblem } from '../errors.js';
import { isSameFolder } from '../files/same-folder.js';
import { directoryState } from '../files/system-path.js';
import type { SearchRoot } from '../model/static-file.js';
import { isVendor } from '../npm/packages.js';
import type { PluginContext } from '../plugins/plugin.js';
import { readRunNote } from '../storages/filesystem/run-note.js';
import { DEFAULT_FINDERS, type SourceFolders } from './built-ins.js';
import { DEFAULT_STATIC_DIR } from './checks/destination.js';
import { checkPrefix } from './checks/urls.js';
import { appDirectories, type CheckedRoots, workspaceDirectories } from './installed-apps.js';
import { staticFilesDir } from './schema.js';
import type { UserSettings } from './settings.js';
import { validate } from './validate.js';

/** Returns the folders that the built-in finders search, and the problems of the settings that name them. */
export async function sourceFolders(
  settings: UserSettings,
  { baseDir, staticRoot }: PluginContext,
): Promise<SourceFolders & Pick<CheckedRoots, 'problems'>> {
  const { staticfilesDirs, installedApps, staticfilesFinders = DEFAULT_FINDERS } = settings;
  const defaultDirs = () =>
    staticfilesFinders.includes('file-system') ? defaultStaticDirs(baseDir, staticRoot) : [];
  const dirs = staticfilesDirs
    ? staticDirs(staticfilesDirs, baseDir)
    : { roots: defaultDirs(), problems: [] };
  if (!staticfilesFinders.includes('app-directories')) {
    return { staticfilesDirs: dirs.roots, apps: [], problems: dirs.problems };
  }
  const apps = installedApps
    ? await appDirectories(installedApps, baseDir)
    : await workspaceDirectories(baseDir);
  return { staticfilesDirs: dirs.roots, apps: apps.roots, problems: [...dirs.problems, ...apps.problems] };
}

/** Returns the folders of `staticfilesDirs`, each once. Missing ones are included, because they may be created later. */
export function staticDirs(entries: readonly unknown[], baseDir: string): CheckedRoots {
  const checked = entries.map((entry, index) => checkEntry(entry, `staticfilesDirs[${index}]`, baseDir));
  return {
    roots: withoutDuplicates(checked.flatMap(({ roots }) => roots)),
    problems: checked.flatMap(({ problems }) => problems),
  };
}

/**
 * Returns the project's `static`, if it exists. It is not a search root if it is the destination and cannot contain a
 * source: it is empty, or a run has published there.
 */
export function defaultStaticDirs(baseDir: string, staticRoot: string): readonly SearchRoot[] {
  const dir = path.join(baseDir, 'static');
  if (directoryState(dir) !== 'directory') return [];
  if (isSameFolder(dir, staticRoot) && (isEmpty(dir) || readRunNote(dir) !== undefined)) return [];
  return [{ dir, prefix: '', setting: DEFAULT_STATIC_DIR, vendor: false }];
}

/** Hidden files such as `.gitkeep` keep an empty folder in a repository. A folder that cannot be read may have sources. */
function isEmpty(dir: string): boolean {
  try {
    return fs.readdirSync(dir).every((name) => name.startsWith('.'));
  } catch {
    return false;
  }
}

function checkEntry(entry: unknown, setting: string, baseDir: string): CheckedRoots {
  const { value, problems } = validate(staticFilesDir, entry, setting);
  if (problems !== undefined)
    return { roots: [], problems: problems.map((problem) => ({ ...problem, code: 'E004' })) };
  const { prefix = '', dir: given, files, include = files, ignore } = asObject(value);
  const dir = path.resolve(baseDir, given);
  const vendor = isVendor(dir);
  return {
    roots: [{ dir, prefix, setting, vendor, ...(include && { include }), ...(ignore && { ignore }) }],
    problems: [...checkPrefix(prefix, setting), ...checkDirectory(dir, setting)],
  };
}

type Entry = InferOutput<typeof staticFilesDir>;

function asObject(entry: Entry): Exclude<Entry, string | unknown[]> {
  if (typeof entry === 'string') return { dir: entry };
  return Array.isArray(entry) ? { prefix: entry[0], dir: entry[1] } : entry;
}

function checkDirectory(dir: string, key: string): readonly SettingsProblem[] {
  const state = directoryState(dir);
  if (state === 'directory') return [];
  if (state === 'missing') return [{ code: 'W004', key, message: `the folder '${dir}' does not exist.` }];
  return [{ code: 'E009', key, message: `cannot search '${dir}': ${state.problem}.` }];
}

function withoutDuplicates(roots: readonly SearchRoot[]): readonly SearchRoot[] {
  return roots.filter(
    ({ dir, prefix, include, ignore }, index) =>
      index ===
      roots.findIndex(
        (root) =>
          root.dir === dir && root.prefix === prefix && root.include === include && root.ignore === ignore,
      ),
  );
}
