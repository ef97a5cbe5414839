import path from 'node:path';
import { isInFolder } from '../../files/same-folder.js';
import type { PluginContext } from '../../plugins/plugin.js';
import type { Processor } from '../../processors/processor.js';
import type { Storage } from '../../storages/storage.js';
import type { SourceFolders } from '../built-ins.js';
import { type Plugins, rootsOf } from '../make-plugins.js';
import { GIVEN } from '../overrides.js';
import type { UserSettings } from '../settings.js';
import { checkDestination, checkSources, type Destination, type Surroundings } from './destination.js';
import type { CheckMessage } from './message.js';
import { checkUrls } from './urls.js';

/**
 * Whence a value came that is not from the settings themselves, in words for messages:
 * `{ staticUrl: 'the environment variable STATIC_URL' }`.
 */
export type Origins = Readonly<Partial<Record<'staticRoot' | 'staticUrl' | 'cacheDir', string>>>;

/** Settings that are well-formed, and what was made of them. */
export interface Project {
  readonly settings: UserSettings;
  readonly context: PluginContext;
  readonly folders: SourceFolders;
  readonly origins: Origins;
}

/** The checks that need no plug-ins. docs/checks.md lists them. */
export function checkProject(project: Project): readonly CheckMessage[] {
  const { settings, context, origins } = project;
  return [
    ...checkFinderNames(settings.staticfilesFinders ?? []),
    ...checkUrls(context.staticUrl, settings.mediaUrl, subjectOf('staticUrl', origins)),
    ...checkDestination(destinationOf(project), surroundingsOf(project)),
  ];
}

/** The same checks of what is known only when the plug-ins are made: their folders, and where the storage stores. */
export function checkPlugins(
  { finders, storage, manifestStorage, processors }: Plugins,
  project: Project,
): readonly CheckMessage[] {
  const destination = destinationOf(project);
  const surroundings = surroundingsOf(project);
  const others = finders.flatMap(rootsOf).filter((root) => !surroundings.roots.includes(root));
  const all = { ...surroundings, roots: [...surroundings.roots, ...others] };
  return [
    ...checkSources(destination, others),
    ...checkLocation(locationOf(storage), destination, all),
    ...checkInline(storage, processors),
    ...checkGivenRoot(storage, project),
    ...checkManifestLocation(locationOf(manifestStorage, ' (manifest.storage)'), storage.folder, all),
  ];
}

/** Who gives a folder for one run means to publish there. */
function checkGivenRoot(storage: Storage, { context, origins }: Project): CheckMessage[] {
  if (origins.staticRoot !== GIVEN || storage.folder === context.staticRoot) return [];
  const { name, folder, displayUrl = `storage ${name}` } = storage;
  const message = `The staticRoot given for this run, '${context.staticRoot}', is not used: the storage '${name}' publishes to '${folder ?? displayUrl}'.`;
  return [{ code: 'W024', message, hint: 'Leave it out, or change the storages setting.' }];
}

function checkInline({ name, storesInline }: Storage, processors: readonly Processor[]): CheckMessage[] {
  if (!storesInline || processors.length > 0) return [];
  const message = `The storage '${name}' has the encoding 'inline', and no processor makes anything to be stored so.`;
  return [{ code: 'W023', message, hint: "Add 'compress' to postProcess." }];
}

function locationOf(storage: Storage | undefined, addition = ''): Destination | undefined {
  if (storage?.folder === undefined) return undefined;
  const subject = `The location of the storage '${storage.name}'${addition}`;
  return { dir: storage.folder, subject };
}

function checkLocation(
  location: Destination | undefined,
  checked: Destination,
  surroundings: Surroundings,
): readonly CheckMessage[] {
  if (location === undefined || location.dir === checked.dir) return [];
  return checkDestination(location, surroundings);
}

/** Files that are published must not be cleared away, nor wait for a lock that this run holds. */
function checkManifestLocation(
  location: Destination | undefined,
  filesLocation: string | undefined,
  surroundings: Surroundings,
): readonly CheckMessage[] {
  if (location === undefined) return [];
  if (filesLocation === undefined || !isInFolder(location.dir, filesLocation)) {
    return checkDestination(location, surroundings);
  }
  const message = `${location.subject}, '${location.dir}', must not be or lie in the folder of the files, '${filesLocation}'.`;
  return [{ code: 'E020', message, hint: 'Name a folder beside it, or leave manifest.storage out.' }];
}

function destinationOf({ context, origins }: Project): Destination {
  return { dir: context.staticRoot, subject: subjectOf('staticRoot', origins) };
}

function surroundingsOf({ settings, context, folders }: Project): Surroundings {
  const { baseDir, cacheDir } = context;
  const mediaRoot = settings.mediaRoot && path.resolve(baseDir, settings.mediaRoot);
  return { baseDir, cacheDir, mediaRoot, roots: [...folders.staticfilesDirs, ...folders.apps] };
}

function subjectOf(name: keyof Origins, origins: Origins): string {
  const origin = origins[name];
  return `The ${name} setting${origin === undefined ? '' : ` (${origin})`}`;
}

function checkFinderNames(finders: readonly unknown[]): readonly CheckMessage[] {
  const twice = finders.filter((finder, index) => finders.indexOf(finder) < index);
  return [...new Set(twice)].map((finder) => {
    const name = typeof finder === 'string' ? `'${finder}'` : 'a finder';
    return { code: 'E019', message: `The staticfilesFinders setting has ${name} more than once.` };
  });
}
