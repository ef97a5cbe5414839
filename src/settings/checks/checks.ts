import path from 'node:path';
import type { SettingsProblem } from '../../errors.js';
import { isInFolder } from '../../files/same-folder.js';
import type { PluginContext } from '../../plugins/plugin.js';
import type { Processor } from '../../processors/processor.js';
import type { Storage } from '../../storages/storage.js';
import type { SourceFolders } from '../built-ins.js';
import { type Plugins, rootsOf } from '../make-plugins.js';
import { givenLabel } from '../overrides.js';
import type { Origins } from '../problems.js';
import type { UserSettings } from '../settings.js';
import { checkDestination, checkSources, type Destination, type Surroundings } from './destination.js';
import { checkUrls } from './urls.js';

/** Settings of the right form, and what was made from them. */
export interface Project {
  readonly settings: UserSettings;
  readonly context: PluginContext;
  readonly folders: SourceFolders;
  readonly origins: Origins;
}

/** Runs the checks that need no plug-ins. docs/checks.md lists them. */
export function checkProject(project: Project): readonly SettingsProblem[] {
  const { settings, context } = project;
  return [
    ...checkFinderNames(settings.staticfilesFinders ?? []),
    ...checkUrls(settings.staticUrl ?? context.staticUrl, settings.mediaUrl),
    ...checkDestination(destinationOf(project), surroundingsOf(project)),
  ];
}

/** Runs the checks of the finders' folders and the storages' destinations, which are known once the plug-ins are made. */
export function checkPlugins(
  { finders, storage, manifestStorage, processors }: Plugins,
  project: Project,
): readonly SettingsProblem[] {
  const destination = destinationOf(project);
  const surroundings = surroundingsOf(project);
  const others = finders.flatMap(rootsOf).filter((root) => !surroundings.roots.includes(root));
  const all = { ...surroundings, roots: [...surroundings.roots, ...others] };
  return [
    ...checkSources(destination, others),
    ...checkStorageFolder(folderOf(storage, 'storages.staticfiles'), destination, all),
    ...checkInline(storage, processors),
    ...checkGivenRoot(storage, project),
    ...checkManifestFolder(folderOf(manifestStorage, 'manifest.storage'), storage.folder, all),
  ];
}

/** A folder that is given for one run is meant as the destination. */
function checkGivenRoot(storage: Storage, { context, origins }: Project): SettingsProblem[] {
  if (origins.staticRoot !== givenLabel('staticRoot') || storage.folder === context.staticRoot) return [];
  const { name, folder, displayUrl = name } = storage;
  const message = `'${context.staticRoot}' is not used: the storage '${name}' publishes to '${folder ?? displayUrl}'.`;
  return [{ code: 'W024', key: 'staticRoot', message, hint: 'Leave it out, or change storages.' }];
}

function checkInline({ storesInline }: Storage, processors: readonly Processor[]): SettingsProblem[] {
  if (!storesInline || processors.length > 0) return [];
  const key = 'storages.staticfiles.options.encoding';
  const message = "'inline' has no effect: no processor compresses files.";
  return [{ code: 'W023', key, message, hint: "Add 'compress' to postProcess." }];
}

function folderOf(storage: Storage | undefined, key: string): Destination | undefined {
  return storage?.folder === undefined ? undefined : { dir: storage.folder, key };
}

function checkStorageFolder(
  folder: Destination | undefined,
  checked: Destination,
  surroundings: Surroundings,
): readonly SettingsProblem[] {
  if (folder === undefined || folder.dir === checked.dir) return [];
  return checkDestination(folder, surroundings);
}

/** The folder of the files would clear the manifest away, and its lock would keep the manifest's storage waiting. */
function checkManifestFolder(
  folder: Destination | undefined,
  filesFolder: string | undefined,
  surroundings: Surroundings,
): readonly SettingsProblem[] {
  if (folder === undefined) return [];
  const { dir, key } = folder;
  if (filesFolder === undefined || !isInFolder(dir, filesFolder))
    return checkDestination(folder, surroundings);
  const message = `'${dir}' must be outside of the folder of the static files, '${filesFolder}'.`;
  return [{ code: 'E020', key, message, hint: 'Use a folder beside it, or leave manifest.storage out.' }];
}

function destinationOf({ context }: Project): Destination {
  return { dir: context.staticRoot, key: 'staticRoot' };
}

function surroundingsOf({ settings, context, folders }: Project): Surroundings {
  const { baseDir, cacheDir } = context;
  const mediaRoot = settings.mediaRoot && path.resolve(baseDir, settings.mediaRoot);
  return { baseDir, cacheDir, mediaRoot, roots: [...folders.staticfilesDirs, ...folders.apps] };
}

function checkFinderNames(finders: readonly unknown[]): readonly SettingsProblem[] {
  const twice = finders.filter((finder, index) => finders.indexOf(finder) < index);
  return [...new Set(twice)].map((finder) => {
    const name = typeof finder === 'string' ? `'${finder}'` : 'a finder';
    return { code: 'E019', key: 'staticfilesFinders', message: `${name} is in the list more than once.` };
  });
}
