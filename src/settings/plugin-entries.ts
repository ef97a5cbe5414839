import type { AfterPublish } from '../cdn/after-publish.js';
import type { PluginEntry } from '../plugins/load-plugin.js';
import type { PluginFamily } from '../plugins/plugin.js';
import type { Processor } from '../processors/processor.js';
import type { Storage } from '../storages/storage.js';
import { hooks, processors, storages } from './built-ins.js';
import type { CustomOptions, StorageEntry, UserSettings } from './settings.js';

/** A plug-in with options as the settings name it. */
export interface SettingsPlugin<Plugin> extends PluginEntry<Plugin> {
  /** The key of its options: `postProcess[0][1]`. */
  readonly optionsKey: string;
  readonly family: PluginFamily<Plugin>;
}

/** The storage of the static files; the file system by default. */
export function staticfilesPlugin(settings: UserSettings): SettingsPlugin<Storage> {
  return storagePlugin(settings.storages?.staticfiles ?? {}, 'storages.staticfiles');
}

/** The storage of the manifest, if it is another one. */
export function manifestPlugin({ manifest }: UserSettings): SettingsPlugin<Storage> | undefined {
  return manifest?.storage && storagePlugin(manifest.storage, 'manifest.storage');
}

export function afterPublishPlugin(settings: UserSettings): SettingsPlugin<AfterPublish> | undefined {
  const entry = settings.storages?.staticfiles.afterPublish;
  return entry && namedPlugin(entry, 'storages.staticfiles.afterPublish', hooks);
}

export function processorPlugins({ postProcess = [] }: UserSettings): readonly SettingsPlugin<Processor>[] {
  return postProcess.map((entry, index) => namedPlugin(entry, `postProcess[${index}]`, processors));
}

/** All plug-ins of the settings that take options. */
export function pluginEntries(settings: UserSettings): readonly SettingsPlugin<never>[] {
  const entries = [
    staticfilesPlugin(settings),
    afterPublishPlugin(settings),
    manifestPlugin(settings),
    ...processorPlugins(settings),
  ];
  return entries.filter((entry) => entry !== undefined) as unknown as readonly SettingsPlugin<never>[];
}

function storagePlugin(
  { backend = 'filesystem', options = {} }: StorageEntry,
  key: string,
): SettingsPlugin<Storage> {
  return {
    plugin: backend,
    options: options as CustomOptions,
    setting: `${key}.backend`,
    optionsKey: `${key}.options`,
    family: storages,
  };
}

function namedPlugin<Plugin>(
  entry: string | object,
  setting: string,
  family: PluginFamily<Plugin>,
): SettingsPlugin<Plugin> {
  const optionsKey = `${setting}[1]`;
  if (!Array.isArray(entry)) return { plugin: entry as string | Plugin, setting, optionsKey, family };
  const [plugin, options] = entry as unknown as readonly [string, CustomOptions];
  return { plugin, options, setting, optionsKey, family };
}
