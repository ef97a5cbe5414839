import path from 'node:path';
import { StaticFilesError } from '../errors.js';
import { toPosix } from '../files/system-path.js';
import { type InstalledAppEntry, resolveApps } from '../finders/app-directories.js';
import type { SearchRoot } from '../model/static-file.js';
import { workspaceFolders } from '../npm/workspaces.js';
import type { CheckMessage } from './checks/message.js';
import { checkPrefix } from './checks/urls.js';
import { installedApp } from './schema.js';
import { validate } from './validate.js';

/** The folders of static files of the apps in `installedApps`. */
export async function appDirectories(entries: readonly unknown[], baseDir: string): Promise<CheckedRoots> {
  const checked = await Promise.all(
    entries.map((entry, index) => checkEntry(entry, `installedApps[${index}]`)),
  );
  const messages = checked.flatMap((result) => result.messages);
  const apps = checked.flatMap(({ app }) => app ?? []);
  const resolved = await resolve(apps, baseDir);
  return { roots: resolved.roots, messages: [...messages, ...resolved.messages] };
}

/** The same of all workspaces of the project: for where `installedApps` is left out. */
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
  readonly messages: readonly CheckMessage[];
}

async function checkEntry(entry: unknown, setting: string): Promise<CheckedEntry> {
  const { value, messages } = await validate(installedApp, entry, setting);
  if (messages !== undefined) return { messages };
  const app: InstalledAppEntry = { ...(typeof value === 'string' ? { app: value } : value), setting };
  return { app, messages: checkPrefix(app.prefix ?? '', 'installedApps') };
}

async function resolve(apps: readonly InstalledAppEntry[], baseDir: string): Promise<CheckedRoots> {
  const messages: CheckMessage[] = [];
  const context = { baseDir, warn: (warning: CheckMessage) => void messages.push(warning) };
  try {
    return { roots: await resolveApps(apps, context), messages };
  } catch (error) {
    const problems = await appProblems(apps, baseDir);
    if (problems.length === 0) throw error;
    return { roots: [], messages: problems };
  }
}

/** What is wrong with each app: one that cannot be found must not hide another. */
async function appProblems(
  apps: readonly InstalledAppEntry[],
  baseDir: string,
): Promise<readonly CheckMessage[]> {
  const problems: CheckMessage[] = [];
  for (const app of apps) {
    try {
      await resolveApps([app], { baseDir, warn: () => {} });
    } catch (error) {
      if (!(error instanceof StaticFilesError)) throw error;
      problems.push({ code: 'E018', message: error.message });
    }
  }
  return problems;
}

/** Folders to search, and what is wrong with the settings that name them. */
export interface CheckedRoots {
  readonly roots: readonly SearchRoot[];
  readonly messages: readonly CheckMessage[];
}
