import { DEFAULT_IGNORE, type FindContext } from './finders/finder.js';
import type { Settings } from './settings/settings.js';

/** The folders that are published to. Finders pass over them. */
export function locationsOf({
  storage,
  manifest,
}: Pick<Settings, 'storage' | 'manifest'>): readonly string[] {
  const locations = [storage.location, manifest.storage?.location];
  return locations.filter((location) => location !== undefined);
}

/** What finders are told where files are only looked up: what a walk warns of is told by collectstatic. */
export function lookUpContext(settings: Pick<Settings, 'storage' | 'manifest' | 'ignore'>): FindContext {
  return { ignore: [...DEFAULT_IGNORE, ...settings.ignore], exclude: locationsOf(settings), warn() {} };
}
