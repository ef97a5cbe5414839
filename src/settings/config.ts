import type { Environment } from './overrides.js';
import type { UserSettings } from './settings.js';

export type { Environment } from './overrides.js';
export type {
  AfterPublishEntry,
  CustomOptions,
  CustomPluginName,
  FinderEntry,
  HookOptions,
  InstalledApp,
  ProcessorEntry,
  ProcessorOptions,
  StaticFilesDir,
  StaticfilesStorageEntry,
  StorageEntry,
  StorageOptions,
  UserSettings,
} from './settings.js';

/** What a settings function gets. */
export interface ConfigContext {
  /**
   * The command that reads the settings: `collectstatic`, `findstatic`, `serve`, `releases`, `prune`, `apply` or `cache`. A
   * program gives its own as `command` of `loadSettings()`; `undefined` if it gives none.
   */
  readonly command: string | undefined;
  /** The environment variables: `env.NODE_ENV === 'production'`. */
  readonly env: Environment;
}

/** Returns the settings for a command. */
export type ConfigFunction = (context: ConfigContext) => UserSettings | Promise<UserSettings>;

/** The default export of a settings file: settings, a promise of settings, or a function that returns one of these. */
export type UserConfig = UserSettings | Promise<UserSettings> | ConfigFunction;

/**
 * Returns its argument unchanged, so that an editor completes and checks the settings.
 *
 * @param config settings, a promise of settings, or a function `({ command, env }) => settings`, which may be async
 * @example
 * ```ts
 * // staticfiles.config.ts
 * import { defineConfig } from 'staticfiles/config';
 *
 * export default defineConfig(({ env }) => ({
 *   staticRoot: 'public/static',
 *   installedApps: ['apps/*'],
 *   postProcess: env.NODE_ENV === 'production' ? [['fingerprint', { exclude: ['robots.txt'] }], 'compress'] : [],
 * }));
 * ```
 */
export function defineConfig(config: UserSettings): UserSettings;
export function defineConfig(config: Promise<UserSettings>): Promise<UserSettings>;
export function defineConfig(config: ConfigFunction): ConfigFunction;
export function defineConfig(config: UserConfig): UserConfig;
export function defineConfig(config: UserConfig): UserConfig {
  return config;
}
