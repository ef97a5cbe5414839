import path from 'node:path';
import { projectFolder } from '../npm/packages.js';
import { findConfigFile, readConfigFile } from './config-file.js';
import { type Environment, type SettingsOverrides, withOverrides } from './overrides.js';
import { resolveSettings } from './resolve.js';
import type { Settings, UserSettings } from './settings.js';

export interface LoadOptions {
  /** Where the search for settings begins, and from where relative paths outside of them hang; `process.cwd()` unless given. */
  readonly cwd?: string;
  /** A settings file, in place of the search. */
  readonly file?: string | undefined;
  /** Where `STATIC_ROOT`, `STATIC_URL` and the id of the release are looked up; `process.env` unless given. */
  readonly env?: Environment;
  /** Values that count more than the file's and the environment's. */
  readonly overrides?: SettingsOverrides;
}

/**
 * Finds, reads and checks a project's settings: `staticfiles.config.{ts,mts,js,mjs,cjs,json}`, or the key
 * `staticfiles` in `package.json`, from a folder upwards. Where there are none, the defaults for the nearest folder
 * upwards with a `package.json`, or else for the folder itself.
 *
 * @throws {StaticFilesError} `settings` and `plugin`, as {@link resolveSettings}; `settings` where the file cannot be read
 * @example
 * const settings = await loadSettings({ overrides: { staticRoot: 'public' } });
 */
export async function loadSettings(options: LoadOptions = {}): Promise<Settings> {
  const { env = process.env, overrides = {} } = options;
  const cwd = path.resolve(options.cwd ?? process.cwd());
  const { written, baseDir } = await read(cwd, options.file);
  const { settings, origins } = withOverrides(written, cwd, env, overrides);
  return resolveSettings(settings, { baseDir, origins, env });
}

async function read(
  cwd: string,
  file: string | undefined,
): Promise<{ written: UserSettings; baseDir: string }> {
  const found = file === undefined ? findConfigFile(cwd) : path.resolve(cwd, file);
  if (found === undefined) return { written: {}, baseDir: projectFolder(cwd) ?? cwd };
  return { written: await readConfigFile(found), baseDir: path.dirname(found) };
}
