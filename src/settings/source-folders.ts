import fs from 'node:fs';
import path from 'node:path';
import type { InferOutput } from 'valibot';
import { isSameFolder } from '../files/same-folder.js';
import { directoryState } from '../files/system-path.js';
import type { SearchRoot } from '../model/static-file.js';
import { isVendor } from '../npm/packages.js';
import type { PluginContext } from '../plugins/plugin.js';
import { readRunNote } from '../storages/filesystem/run-note.js';
import { DEFAULT_FINDERS, type SourceFolders } from './built-ins.js';
import { DEFAULT_STATIC_DIR } from './checks/destination.js';
import type { CheckMessage } from './checks/message.js';
import { checkPrefix } from './checks/urls.js';
import { appDirectories, type CheckedRoots, workspaceDirectories } from './installed-apps.js';
import { staticFilesDir } from './schema.js';
import type { UserSettings } from './settings.js';
import { validate } from './validate.js';

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

/** The folders of `staticfilesDirs`, each once; those that do not exist too, as they may still come. */
export async function staticDirs(entries: readonly unknown[], baseDir: string): Promise<CheckedRoots> {
  const checked = await Promise.all(
    entries.map((entry, index) => checkEntry(entry, `staticfilesDirs[${index}]`, baseDir)),
  );
  return {
    roots: withoutDuplicates(checked.flatMap(({ roots }) => roots)),
    messages: checked.flatMap(({ messages }) => messages),
  };
}

/**
 * `static` of the project, if it exists. It is a source for every check too, unless it is the destination itself and holds
 * nothing that could be one: it is empty, or a run has published there.
 */
export function defaultStaticDirs(baseDir: string, staticRoot: string): readonly SearchRoot[] {
  const dir = path.join(baseDir, 'static');
  if (directoryState(dir) !== 'directory') return [];
  if (isSameFolder(dir, staticRoot) && (isEmpty(dir) || readRunNote(dir) !== undefined)) return [];
  return [{ dir, prefix: '', setting: DEFAULT_STATIC_DIR, vendor: false }];
}

/** `.gitkeep` and the like keep an empty folder in a repository. What may not be listed may hold anything. */
function isEmpty(dir: string): boolean {
  try {
    return fs.readdirSync(dir).every((name) => name.startsWith('.'));
  } catch {
    return false;
  }
}

async function checkEntry(entry: unknown, setting: string, baseDir: string): Promise<CheckedRoots> {
  const { value, messages } = await validate(staticFilesDir, entry, setting);
  if (messages !== undefined)
    return { roots: [], messages: messages.map((message) => ({ ...message, code: 'E004' })) };
  const [prefix, given] = prefixAndDir(value);
  const dir = path.resolve(baseDir, given);
  const vendor = isVendor(dir);
  return {
    roots: [{ dir, prefix, setting, vendor }],
    messages: [...checkPrefix(prefix, 'staticfilesDirs'), ...checkDirectory(dir)],
  };
}

function prefixAndDir(entry: InferOutput<typeof staticFilesDir>): readonly [prefix: string, dir: string] {
  if (typeof entry === 'string') return ['', entry];
  return 'dir' in entry ? [entry.prefix ?? '', entry.dir] : entry;
}

function checkDirectory(dir: string): readonly CheckMessage[] {
  const state = directoryState(dir);
  const subject = `The directory '${dir}' in the staticfilesDirs setting`;
  if (state === 'directory') return [];
  if (state === 'missing') return [{ code: 'W004', message: `${subject} does not exist.` }];
  return [{ code: 'E009', message: `${subject} cannot be searched: ${state.problem}.` }];
}

function withoutDuplicates(roots: readonly SearchRoot[]): readonly SearchRoot[] {
  return roots.filter(
    ({ dir, prefix }, index) =>
      index === roots.findIndex((root) => root.dir === dir && root.prefix === prefix),
  );
}
