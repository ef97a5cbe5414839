import { StaticFilesError } from '../../errors.js';
import type { Finder } from '../../finders/finder.js';
import type { Processor } from '../../processors/processor.js';
import type { SearchRoot } from '../../static-file.js';
import type { Storage } from '../../storages/storage.js';
import { DEFAULT_FINDERS, finders, processors, type SourceFolders, storages } from '../built-ins.js';
import type { PluginContext, ProcessorEntry, StorageEntry, UserSettings } from '../settings.js';
import { makePlugin, type PluginEntry } from './make-plugin.js';

/** The plug-ins of a project, made. */
export interface Plugins {
  readonly finders: readonly Finder[];
  readonly storage: Storage;
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
  const finderEntries = staticfilesFinders.map((plugin, index) => ({
    plugin,
    setting: `staticfilesFinders[${index}]`,
  }));
  const storage = ({ backend = 'filesystem', options = {} }: StorageEntry, setting: string) =>
    makePlugin({ plugin: backend, options, setting: `${setting}.backend` }, storages, context);
  return {
    finders: await inOrder(finderEntries, (entry) => makePlugin(entry, finders(folders), context)),
    storage: await storage(stores?.staticfiles ?? {}, 'storages.staticfiles'),
    ...(manifest?.storage && { manifestStorage: await storage(manifest.storage, 'manifest.storage') }),
    processors: await inOrder(postProcess.map(processorEntry), (entry) =>
      makePlugin(entry, processors, context),
    ),
  };
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

function processorEntry(entry: ProcessorEntry, index: number): PluginEntry<Processor> {
  const setting = `postProcess[${index}]`;
  if (typeof entry === 'string' || !isPair(entry)) return { plugin: entry, setting };
  return { plugin: entry[0], options: entry[1], setting };
}

function isPair(
  entry: Exclude<ProcessorEntry, string>,
): entry is Extract<ProcessorEntry, readonly unknown[]> {
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
