import { runPlugin } from '../plugins/plugin.js';
import type { Settings } from '../settings/settings.js';
import { describePath } from '../storages/destination.js';
import type { ManifestSource } from './manifest-source.js';
import type { Environment } from './options.js';

/**
 * The settings of the project that an application is part of. Reading them loads packages, so that it is done only
 * where they are needed.
 *
 * @param settings loaded ones, or the path of a settings file; unless given, they are searched upwards from the current folder
 * @throws StaticFilesError `settings`, `plugin`
 */
export async function projectSettings(
  settings: Settings | string | undefined,
  env: Environment,
): Promise<Settings> {
  if (typeof settings === 'object') return settings;
  const { loadSettings } = await import('../settings/load.js');
  return loadSettings({ file: settings, env });
}

/** Whether `collectstatic` publishes a manifest by these settings. */
export function publishesManifest({ processors, importMap }: Settings): boolean {
  return importMap !== undefined || processors.some(({ needsManifest }) => needsManifest);
}

/** The manifest in the storage that the settings say. */
export function settingsSource({
  manifest,
  storage,
}: Pick<Settings, 'manifest' | 'storage'>): ManifestSource {
  const used = manifest.storage ?? storage;
  return {
    name: manifest.name,
    folder: used.folder,
    describe: (name) => describePath(used, name),
    read: (name) => runPlugin(`storage '${used.name}'`, () => used.readText(name)),
  };
}
