import type { Settings } from './settings/settings.js';

/** The folders that are published to. Finders pass over them. */
export function locationsOf({
  storage,
  manifest,
}: Pick<Settings, 'storage' | 'manifest'>): readonly string[] {
  const locations = [storage.location, manifest.storage?.location];
  return locations.filter((location) => location !== undefined);
}
