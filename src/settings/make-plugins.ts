import type { AfterPublish } from '../cdn/after-publish.js';
import { type SettingsProblem, StaticFilesError } from '../errors.js';
import type { Finder } from '../finders/finder.js';
import type { SearchRoot } from '../model/static-file.js';
import { makePlugin } from '../plugins/load-plugin.js';
import type { PluginContext } from '../plugins/plugin.js';
import type { Processor } from '../processors/processor.js';
import type { Storage } from '../storages/storage.js';
import { DEFAULT_FINDERS, finders, type SourceFolders } from './built-ins.js';
import { closeAll } from './close-storages.js';
import {
  afterPublishPlugin,
  manifestPlugin,
  processorPlugins,
  type SettingsPlugin,
  staticfilesPlugin,
} from './plugin-entries.js';
import { type SettingsSource, throwOnErrors } from './problems.js';
import type { UserSettings } from './settings.js';
import { below } from './validate.js';

/** The plug-ins of a project. */
export interface Plugins {
  readonly finders: readonly Finder[];
  readonly storage: Storage;
  readonly afterPublish?: AfterPublish;
  /** The storage of the manifest, if it is another one. */
  readonly manifestStorage?: Storage;
  readonly processors: readonly Processor[];
}

/**
 * Makes the plug-ins of the settings in order.
 *
 * @throws StaticFilesError `plugin` for the first that fails; `settings` with the invalid options of all of them
 */
export async function makePlugins(
  settings: UserSettings,
  folders: SourceFolders,
  context: PluginContext,
  source: SettingsSource,
): Promise<Plugins> {
  const problems: SettingsProblem[] = [];
  const opened: Storage[] = [];

  /** Notes invalid options and goes on: the caller gets the problems of all plug-ins at once. */
  async function make<Plugin extends object>(entry: SettingsPlugin<Plugin>): Promise<Plugin | undefined> {
    try {
      return await makePlugin(entry, entry.family, context);
    } catch (error) {
      const found = error instanceof StaticFilesError ? error.details.problems : undefined;
      if (found === undefined) throw error;
      problems.push(...found.map((problem) => below(entry.optionsKey, problem)));
      return undefined;
    }
  }

  async function open(entry: SettingsPlugin<Storage>): Promise<Storage | undefined> {
    const storage = await make(entry);
    if (storage !== undefined) opened.push(storage);
    return storage;
  }

  try {
    const found = await inOrder(finderPlugins(settings, folders), make);
    const storage = await open(staticfilesPlugin(settings));
    const afterPublishEntry = afterPublishPlugin(settings);
    const afterPublish = afterPublishEntry && (await make(afterPublishEntry));
    const manifestEntry = manifestPlugin(settings);
    const manifestStorage = manifestEntry && (await open(manifestEntry));
    const processors = await inOrder(processorPlugins(settings), make);
    throwOnErrors(problems, source);
    return {
      finders: found as Finder[],
      storage: storage!,
      ...(afterPublish && { afterPublish }),
      ...(manifestStorage && { manifestStorage }),
      processors: processors as Processor[],
    };
  } catch (error) {
    await closeAll(opened).catch(() => {}); // the first error counts
    throw error;
  }
}

function finderPlugins(
  { staticfilesFinders = DEFAULT_FINDERS, vendorLinks }: UserSettings,
  folders: SourceFolders,
): readonly SettingsPlugin<Finder>[] {
  const family = finders(folders, vendorLinks);
  return staticfilesFinders.map((plugin, index) => {
    const setting = `staticfilesFinders[${index}]`;
    return { plugin, setting, optionsKey: setting, family };
  });
}

/**
 * Returns the folders that a finder searches.
 *
 * @throws StaticFilesError `plugin` if the finder fails
 */
export function rootsOf(finder: Finder): readonly SearchRoot[] {
  try {
    return finder.roots();
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new StaticFilesError('plugin', `The finder '${finder.name}' failed in roots(): ${message}`, {
      cause,
    });
  }
}

/** One after the other, so that the error is that of the first invalid one. */
async function inOrder<Item, Result>(
  items: readonly Item[],
  make: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  for (const item of items) results.push(await make(item));
  return results;
}
