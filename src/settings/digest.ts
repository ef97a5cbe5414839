import { hash } from 'node:crypto';
import type { PluginContext } from '../plugins/plugin.js';
import { isRecord } from '../text/json.js';
import { DEFAULT_FINDERS, finders, hasCustomScanners, type SourceFolders } from './built-ins.js';
import { manifestPlugin, processorPlugins, staticfilesPlugin } from './plugin-entries.js';
import type { UserSettings } from './settings.js';

/**
 * Returns a text that differs for settings from which the same sources may be published otherwise.
 *
 * @param folders the folders that the settings name, since globs and workspaces name others tomorrow
 * @returns `undefined` if that cannot be known: a function or a custom plug-in may give other results each time. The hook
 *   after publishing is called only with changes, so it may be any.
 */
export function settingsDigest(
  settings: UserSettings,
  folders: SourceFolders,
  context: PluginContext,
): string | undefined {
  if (!usesBuiltInsOnly(settings)) return undefined;
  const { storages, ...others } = settings;
  const { afterPublish, ...storage } = storages?.staticfiles ?? {};
  const everything = { ...others, storage, folders, context };
  return isData(everything) ? hash('sha256', JSON.stringify(everything)) : undefined;
}

function usesBuiltInsOnly(settings: UserSettings): boolean {
  const { staticfilesFinders = DEFAULT_FINDERS } = settings;
  const builtIn = finders({ staticfilesDirs: [], apps: [] }).builtIns;
  const entries = [staticfilesPlugin(settings), manifestPlugin(settings), ...processorPlugins(settings)];
  return (
    staticfilesFinders.every((finder) => typeof finder === 'string' && Object.hasOwn(builtIn, finder)) &&
    entries.every(
      (entry) =>
        entry === undefined ||
        (typeof entry.plugin === 'string' &&
          Object.hasOwn(entry.family.builtIns, entry.plugin) &&
          !hasCustomScanners(entry.options ?? {})),
    )
  );
}

/** Whether JSON can hold the whole value. */
function isData(value: unknown): boolean {
  if (Array.isArray(value)) return value.every(isData);
  if (!isRecord(value)) {
    const isScalar = ['string', 'boolean', 'undefined'].includes(typeof value) || Number.isFinite(value);
    return value === null || isScalar;
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  return (prototype === Object.prototype || prototype === null) && Object.values(value).every(isData);
}
