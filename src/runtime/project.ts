import { StaticFilesError } from '../errors.js';
import { runPlugin } from '../plugins/plugin.js';
import type { Settings } from '../settings/settings.js';
import { describePath } from '../storages/destination.js';
import type { ManifestSource } from './manifest-source.js';
import type { Environment } from './options.js';

/**
 * Returns the settings of the application's project. Loading them loads packages, so call this only if they are needed.
 *
 * @param settings loaded settings, or the path of a settings file (default: searched upwards from the current folder)
 * @throws StaticFilesError `settings`, `plugin`; `usage` for an object that is not loaded settings
 */
export async function projectSettings(
  settings: Settings | string | undefined,
  env: Environment,
): Promise<Settings> {
  if (typeof settings === 'object') {
    assertLoaded(settings);
    return settings;
  }
  const { loadSettings } = await import('../settings/load.js');
  return loadSettings({ file: settings, env });
}

/** Plain JavaScript may pass settings as they are written in a file. */
function assertLoaded(settings: Partial<Settings>): void {
  if (Array.isArray(settings.finders) && typeof settings.storage === 'object') return;
  throw new StaticFilesError(
    'usage',
    "The option settings is a plain object. Pass the path of a settings file, or loaded settings: `await loadSettings()` of 'staticfiles'.",
  );
}

/** Whether `collectstatic` publishes a manifest with these settings. */
export function publishesManifest({ processors, importMap }: Settings): boolean {
  return importMap !== undefined || processors.some(({ needsManifest }) => needsManifest);
}

/** Returns the source of the manifest in the storage of the settings. */
export function settingsSource({
  manifest,
  storage,
}: Pick<Settings, 'manifest' | 'storage'>): ManifestSource {
  const holder = manifest.storage ?? storage;
  return {
    name: manifest.name,
    folder: holder.folder,
    describe: (name) => describePath(holder, name),
    read: (name) => runPlugin(`storage '${holder.name}'`, () => holder.readText(name)),
  };
}
