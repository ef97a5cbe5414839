import path from 'node:path';
import { type SettingsProblem, StaticFilesError } from '../errors.js';
import { toPosix } from '../files/system-path.js';
import { type InstalledAppEntry, resolveApps } from '../finders/app-directories.js';
import type { SearchRoot, Warning } from '../model/static-file.js';
import { workspaceFolders } from '../npm/workspaces.js';
import { checkPrefix } from './checks/urls.js';
import { installedApp } from './schema.js';
import { validate } from './validate.js';

/** Returns the folders of static files of the apps in `installedApps`. */
export async function appDirectories(entries: readonly unknown[], baseDir: string): Promise<CheckedRoots> {
  const checked = entries.map((entry, index) => checkEntry(entry, `installedApps[${index}]`));
  const problems = checked.flatMap((result) => result.problems);
  const apps = checked.flatMap(({ app }) => app ?? []);
  const resolved = await resolve(apps, baseDir);
  return { roots: resolved.roots, problems: [...problems, ...resolved.problems] };
}

/** Returns the folders of static files of all workspaces: the default of `installedApps`. */
export async function workspaceDirectories(baseDir: string): Promise<CheckedRoots> {
  const folders = await workspaceFolders(baseDir);
  const apps = folders.map((folder) => ({
    app: toPosix(path.relative(baseDir, folder)),
    setting: 'workspaces',
  }));
  return resolve(apps, baseDir);
}

interface CheckedEntry {
  readonly app?: InstalledAppEntry;
  readonly problems: readonly SettingsProblem[];
}

function checkEntry(entry: unknown, setting: string): CheckedEntry {
  const { value, problems } = validate(installedApp, entry, setting);
  if (problems !== undefined) return { problems };
  if (typeof value === 'string') return { app: { app: value, setting }, problems: [] };
  const { files, include = files, ...others } = value;
  const app: InstalledAppEntry = { ...others, include, setting };
  return { app, problems: checkPrefix(app.prefix ?? '', setting) };
}

async function resolve(apps: readonly InstalledAppEntry[], baseDir: string): Promise<CheckedRoots> {
  const warnings: SettingsProblem[] = [];
  const warn = ({ code, message }: Warning) => void warnings.push(problemOfApp(code, message, apps));
  try {
    return { roots: await resolveApps(apps, { baseDir, warn }), problems: warnings };
  } catch (error) {
    const problems = await appProblems(apps, baseDir);
    if (problems.length === 0) throw error;
    return { roots: [], problems };
  }
}

/** A finder's message begins with the key of the app. */
function problemOfApp(code: string, message: string, apps: readonly InstalledAppEntry[]): SettingsProblem {
  const key = apps.find(({ setting }) => message.startsWith(`${setting}: `))?.setting;
  return key === undefined ? { code, message } : { code, key, message: message.slice(key.length + 2) };
}

/** Returns the problem of each app, so that a missing one does not hide another. */
async function appProblems(
  apps: readonly InstalledAppEntry[],
  baseDir: string,
): Promise<readonly SettingsProblem[]> {
  const problems: SettingsProblem[] = [];
  for (const app of apps) {
    try {
      await resolveApps([app], { baseDir, warn: () => {} });
    } catch (error) {
      if (!(error instanceof StaticFilesError)) throw error;
      problems.push(problemOfApp('E018', error.message, [app]));
    }
  }
  return problems;
}

/** Folders to search, and the problems of the settings that name them. */
export interface CheckedRoots {
  readonly roots: readonly SearchRoot[];
  readonly problems: readonly SettingsProblem[];
}
