import { DEFAULT_FINDERS, type SourceFolders } from '../built-ins.js';
import type { CheckMessage } from '../checks/check-message.js';
import type { PluginContext, UserSettings } from '../settings.js';
import { appDirectories, workspaceDirectories } from './apps.js';
import { defaultStaticDirs, staticDirs } from './static-dirs.js';

/** The folders that the built-in finders search, and what is wrong with the settings that name them. */
export async function sourceFolders(
  settings: UserSettings,
  { baseDir, staticRoot }: PluginContext,
): Promise<SourceFolders & { readonly messages: readonly CheckMessage[] }> {
  const { staticfilesDirs, installedApps, staticfilesFinders = DEFAULT_FINDERS } = settings;
  const defaultDirs = () =>
    staticfilesFinders.includes('file-system') ? defaultStaticDirs(baseDir, staticRoot) : [];
  const dirs = staticfilesDirs
    ? await staticDirs(staticfilesDirs, baseDir)
    : { roots: defaultDirs(), messages: [] };
  if (!staticfilesFinders.includes('app-directories')) {
    return { staticfilesDirs: dirs.roots, apps: [], messages: dirs.messages };
  }
  const apps = installedApps
    ? await appDirectories(installedApps, baseDir)
    : await workspaceDirectories(baseDir);
  return { staticfilesDirs: dirs.roots, apps: apps.roots, messages: [...dirs.messages, ...apps.messages] };
}
