import type { UserSettings } from './settings.js';

export type { InstalledApp, ProcessorEntry, StaticFilesDir, UserSettings } from './settings.js';

/**
 * Gives the settings back as they are; an editor then completes and checks them.
 *
 * @example
 * // staticfiles.config.ts
 * import { defineConfig } from 'staticfiles/config';
 * export default defineConfig({ staticRoot: 'public/static', installedApps: ['apps/*'] });
 */
export function defineConfig(settings: UserSettings): UserSettings {
  return settings;
}
