import type { AfterPublish } from '../cdn/after-publish.js';
import { StaticFilesError } from '../errors.js';
import type { Finder } from '../finders/finder.js';
import type { SearchRoot } from '../model/static-file.js';
import { makePlugin, type PluginEntry } from '../plugins/load-plugin.js';
import type { PluginContext } from '../plugins/plugin.js';
import type { Processor } from '../processors/processor.js';
import type { Storage } from '../storages/storage.js';
import { DEFAULT_FINDERS, finders, hooks, processors, type SourceFolders, storages } from './built-ins.js';
import { closeAll } from './close-storages.js';
import type { StorageEntry, UserSettings } from './settings.js';

/** The plug-ins of a project, made. */
export interface Plugins {
  readonly finders: readonly Finder[];
  readonly storage: Storage;
  readonly afterPublish?: AfterPublish;
  /** Where the manifest goes, if not to the same storage. */
  readonly manifestStorage?: Storage;
  readonly processors: readonly Processor[];
}

/** Makes the plug-ins that the settings name, one after the other. */
export async function makePlugins(
  settings: UserSettings,
  folders: SourceFolders,
  context: PluginContext,
): Promise<Plugins> {
  const { staticfilesFinders = DEFAULT_FINDERS, storages: stores, postProcess = [], manifest } = settings;
  const { afterPublish } = stores?.staticfiles ?? {};
  const finderEntries = staticfilesFinders.map((plugin, index) => ({
    plugin,
    setting: `staticfilesFinders[${index}]`,
  }));
  const opened: Storage[] = [];
  const storage = async ({ backend = 'filesystem', options = {} }: StorageEntry, setting: string) => {
    const entry = { plugin: backend, options, setting: `${setting}.backend` };
    const made = await makePlugin(entry, storages, context);
    opened.push(made);
    return made;
  };
  try {
    return {
      finders: await inOrder(finderEntries, (entry) =>
        makePlugin(entry, finders(folders, settings.vendorLinks), context),
      ),
      storage: await storage(stores?.staticfiles ?? {}, 'storages.staticfiles'),
      ...(afterPublish !== undefined && {
        afterPublish: await makePlugin(
          pluginEntry(afterPublish, 'storages.staticfiles.afterPublish'),
          hooks,
          context,
        ),
      }),
      ...(manifest?.storage && { manifestStorage: await storage(manifest.storage, 'manifest.storage') }),
      processors: await inOrder(
        postProcess.map((entry, index) => pluginEntry(entry, `postProcess[${index}]`)),
        (entry) => makePlugin(entry, processors, context),
      ),
    };
  } catch (error) {
    await closeAll(opened).catch(() => {}); // what went wrong first counts
    throw error;
  }
}

/**
 * The folders that a finder searches.
 *
 * @throws {StaticFilesError} `plugin`, where it fails to say
 */
export function rootsOf(finder: Finder): readonly SearchRoot[] {
  try {
    return finder.roots();
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new StaticFilesError('plugin', `The finder '${finder.name}' cannot tell its roots: ${message}`, {
      cause,
    });
  }
}

type Pair = readonly [name: string, options: Readonly<Record<string, unknown>>];

function pluginEntry<Plugin>(entry: string | Pair | Plugin, setting: string): PluginEntry<Plugin> {
  return isPair(entry) ? { plugin: entry[0], options: entry[1], setting } : { plugin: entry, setting };
}

/** No plug-in is a list. */
function isPair(entry: unknown): entry is Pair {
  return Array.isArray(entry);
}

/** Plug-ins are made in the order in which they stand, so that the first wrong one is the one that is told of. */
async function inOrder<Item, Result>(
  items: readonly Item[],
  make: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  for (const item of items) results.push(await make(item));
  return results;
}
