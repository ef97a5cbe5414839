import path from 'node:path';
import { defaultCacheDir } from '../cache/cache-dir.js';
import { DEFAULT_IGNORE } from '../finders/finder.js';
import { MANIFEST_NAME } from '../manifest/manifest.js';
import { rootedUrl } from '../model/public-path.js';
import type { PluginContext } from '../plugins/plugin.js';
import { checkPlugins, checkProject } from './checks/checks.js';
import { closeAll } from './close-storages.js';
import { settingsDigest } from './digest.js';
import { makePlugins, type Plugins } from './make-plugins.js';
import type { Environment } from './overrides.js';
import { lineOf, type SettingsSource, throwOnErrors } from './problems.js';
import { releaseSettings } from './release-id.js';
import type { Settings, UserSettings } from './settings.js';
import { sourceFolders } from './source-folders.js';
import { validateSettings } from './validate.js';

/** Options of {@link resolveSettings}. */
export interface ResolveOptions {
  /** Absolute base folder of relative paths; plug-ins and npm packages are also found from here. */
  readonly baseDir: string;
  /** Where the settings come from, for messages. */
  readonly source?: SettingsSource;
  /** Variables in which a release id is looked up; `process.env` by default. */
  readonly env?: Environment;
}

/**
 * Returns checked settings with absolute paths, defaults, and the plug-ins made. For programs that have the settings as
 * an object; `loadSettings()` reads a file. Reads folders, creates nothing.
 *
 * @param input the settings as a project writes them
 * @throws StaticFilesError `settings` with all problems in `details.problems` (docs/checks.md lists the codes);
 *   `plugin` if a finder, storage, processor or hook cannot be loaded
 * @example
 * ```ts
 * import { resolveSettings } from 'staticfiles';
 *
 * const settings = await resolveSettings({ staticRoot: 'public' }, { baseDir: import.meta.dirname });
 * ```
 */
export async function resolveSettings(input: UserSettings, options: ResolveOptions): Promise<Settings> {
  const { baseDir, source = {}, env = process.env } = options;
  const { settings, problems } = await validateSettings(input);
  const context = await pluginContext(settings, baseDir);
  const folders = await sourceFolders(settings, context);
  const project = { settings, context, folders, origins: source.origins ?? {} };
  const found = [...problems, ...folders.problems, ...checkProject(project)];
  throwOnErrors(found, source);

  const plugins = await makePlugins(settings, folders, context, source);
  const warnings = await closedOnErrors(plugins, () => {
    const all = [...found, ...checkPlugins(plugins, project)];
    throwOnErrors(all, source);
    return all.map((problem) => ({ code: problem.code, message: lineOf(problem, source) }));
  });
  const { ignore = [], defaultIgnore = DEFAULT_IGNORE, conflicts = 'allow', release, importmap } = settings;
  const { file, fileLabel: label = file } = source;
  const { manifestStorage, ...parts } = plugins;
  const manifest = {
    name: settings.manifest?.name ?? MANIFEST_NAME,
    ...(manifestStorage && { storage: manifestStorage }),
  };
  const digest = settingsDigest(settings, folders, context);
  return {
    ...context,
    ...parts,
    manifest,
    ...(digest !== undefined && { digest }),
    ...(release && { release: releaseSettings(release.id, { baseDir, env, source }) }),
    ...(importmap && { importMap: importmap }),
    ...media(settings, baseDir),
    ignore,
    defaultIgnore,
    conflicts,
    ...(label !== undefined && { settingsFile: label }),
    warnings,
  };
}

/** Runs a step. If it fails, the caller never gets the storages, so they are closed here. */
async function closedOnErrors<T>({ storage, manifestStorage }: Plugins, step: () => T): Promise<T> {
  try {
    return step();
  } catch (error) {
    await closeAll(manifestStorage ? [storage, manifestStorage] : [storage]).catch(() => {});
    throw error;
  }
}

async function pluginContext(settings: UserSettings, baseDir: string): Promise<PluginContext> {
  const { staticRoot = 'staticfiles', staticUrl = '/static/', cacheDir } = settings;
  return {
    baseDir,
    staticRoot: path.resolve(baseDir, staticRoot),
    staticUrl: rootedUrl(staticUrl),
    cacheDir: cacheDir === undefined ? await defaultCacheDir(baseDir) : path.resolve(baseDir, cacheDir),
  };
}

function media({ mediaRoot, mediaUrl }: UserSettings, baseDir: string): Pick<Settings, 'media'> {
  if (mediaRoot === undefined || mediaUrl === undefined) return {};
  return { media: { root: path.resolve(baseDir, mediaRoot), url: rootedUrl(mediaUrl.replace(/\/?$/, '/')) } };
}
