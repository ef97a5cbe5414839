import path from 'node:path';
import type { Warning } from '../model/static-file.js';
import { projectFolder } from '../npm/packages.js';
import type { ConfigContext } from './config.js';
import { findConfigFile, ignoredConfigFiles, labelOf, readConfigFile } from './config-file.js';
import { type Environment, type SettingsOverrides, withOverrides } from './overrides.js';
import { lineOf } from './problems.js';
import { resolveSettings } from './resolve.js';
import type { Settings, UserSettings } from './settings.js';

/** Options of {@link loadSettings}. */
export interface LoadOptions {
  /**
   * Where the search for a settings file begins; relative paths in `file`, `env` and `overrides` are resolved from here.
   * `process.cwd()` by default.
   */
  readonly cwd?: string;
  /** Path of a settings file, in place of the search. */
  readonly file?: string | undefined;
  /** Passed to a settings function: what the settings are loaded for, such as `collectstatic`. */
  readonly command?: string | undefined;
  /** Environment variables: `STATIC_ROOT`, `STATIC_URL`, those with a release id, and all of them for a settings function. `process.env` by default. */
  readonly env?: Environment;
  /** Values that override the file and the environment. */
  readonly overrides?: SettingsOverrides;
}

/**
 * Returns the settings of a project: `staticfiles.config.{ts,mts,js,mjs,cjs,json,jsonc}` or the key `staticfiles` of
 * `package.json`, in the nearest folder from `cwd` upwards that has one. Without any, the defaults apply to the nearest
 * folder upwards with a `package.json`, or else to `cwd`.
 *
 * @throws StaticFilesError `settings` if the file cannot be read, or with all problems in `details.problems`; `plugin` if
 *   a finder, storage, processor or hook cannot be loaded
 * @example
 * ```ts
 * import { loadSettings } from 'staticfiles';
 *
 * const settings = await loadSettings({ command: 'collectstatic', overrides: { staticRoot: 'public' } });
 * ```
 */
export async function loadSettings(options: LoadOptions = {}): Promise<Settings> {
  const { env = process.env, overrides = {}, command } = options;
  const cwd = path.resolve(options.cwd ?? process.cwd());
  const { written, baseDir, file } = await read(cwd, options.file, { command, env });
  const { settings, origins } = withOverrides(written, cwd, env, overrides);
  const source = { origins, ...(file !== undefined && { file, fileLabel: labelOf(file, cwd) }) };
  const resolved = await resolveSettings(settings, { baseDir, source, env });
  if (file === undefined || options.file !== undefined) return resolved;
  return { ...resolved, warnings: [...warningsOfOthers(file, cwd), ...resolved.warnings] };
}

/** Warns of settings files beside the one that is used: edits of them would do nothing. */
function warningsOfOthers(file: string, cwd: string): readonly Warning[] {
  return ignoredConfigFiles(file).map((other) => {
    const hint = 'Keep your settings in one of them.';
    const message = `it is used, and the settings in '${labelOf(other, cwd)}' are not.`;
    const problem = { code: 'W025', message, hint };
    return { code: problem.code, message: lineOf(problem, { file, fileLabel: labelOf(file, cwd) }) };
  });
}

/**
 * Returns the folder in which the search for a settings file begins, if neither it nor a folder above it has one.
 *
 * @throws StaticFilesError `settings` if a `package.json` on the way cannot be read
 */
export function folderWithoutSettings(cwd = process.cwd()): string | undefined {
  return findConfigFile(cwd) === undefined ? cwd : undefined;
}

async function read(
  cwd: string,
  given: string | undefined,
  context: ConfigContext,
): Promise<{ written: UserSettings; baseDir: string; file?: string }> {
  const file = given === undefined ? findConfigFile(cwd) : path.resolve(cwd, given);
  if (file === undefined) return { written: {}, baseDir: projectFolder(cwd) ?? cwd };
  return { written: await readConfigFile(file, { ...context, cwd }), baseDir: path.dirname(file), file };
}
