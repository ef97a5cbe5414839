import path from 'node:path';
import { defaultCacheDir } from '../cache/cache-dir.js';
import { MANIFEST_NAME } from '../manifest/manifest.js';
import type { PluginContext } from '../plugins/plugin.js';
import { checkPlugins, checkProject, type Origins } from './checks/checks.js';
import { throwOnErrors } from './checks/message.js';
import { closeAll } from './close-storages.js';
import { makePlugins, type Plugins } from './make-plugins.js';
import type { Environment } from './overrides.js';
import { releaseSettings } from './release-id.js';
import type { Settings, UserSettings } from './settings.js';
import { sourceFolders } from './source-folders.js';
import { validateSettings } from './validate.js';

export interface ResolveOptions {
  /** Absolute folder from which relative paths hang, and from which plug-ins and npm packages are found. */
  readonly baseDir: string;
  /** Shown in messages. */
  readonly origins?: Origins;
  /** Where the id of the release is looked up; `process.env` unless given. */
  readonly env?: Environment;
}

/**
 * Checks settings and puts the parts together: for programs that have the settings as an object. Paths become
 * absolute, plug-ins are made, what is left out gets its default. Reads folders, creates nothing.
 *
 * @throws {StaticFilesError} `settings` with all that is wrong, in the form of Django's system checks
 *   (docs/checks.md lists the codes); `plugin` where a finder, storage or processor cannot be loaded
 * @example
 * const settings = await resolveSettings({ staticRoot: 'public' }, { baseDir: import.meta.dirname });
 */
export async function resolveSettings(input: UserSettings, options: ResolveOptions): Promise<Settings> {
  const { baseDir, origins = {}, env = process.env } = options;
  const { settings, messages } = await validateSettings(input);
  const context = await pluginContext(settings, baseDir);
  const folders = await sourceFolders(settings, context);
  const project = { settings, context, folders, origins };
  const found = [...messages, ...folders.messages, ...checkProject(project)];
  throwOnErrors(found);

  const plugins = await makePlugins(settings, folders, context);
  const warnings = await closedOnErrors(plugins, () => {
    const all = [...found, ...checkPlugins(plugins, project)];
    throwOnErrors(all);
    return all;
  });
  const { ignore = [], conflicts = 'allow', release, importmap } = settings;
  const { manifestStorage, ...parts } = plugins;
  const manifest = {
    name: settings.manifest?.name ?? MANIFEST_NAME,
    ...(manifestStorage && { storage: manifestStorage }),
  };
  return {
    ...context,
    ...parts,
    manifest,
    ...(release && { release: releaseSettings(release.id, { baseDir, env }) }),
    ...(importmap && { importMap: importmap }),
    ...media(settings, baseDir),
    ignore,
    conflicts,
    warnings,
  };
}

/** Runs a step. If it fails, nobody gets the plug-ins, and so nobody else closes their storages. */
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
    staticUrl,
    cacheDir: cacheDir === undefined ? await defaultCacheDir(baseDir) : path.resolve(baseDir, cacheDir),
  };
}

function media({ mediaRoot, mediaUrl }: UserSettings, baseDir: string): Pick<Settings, 'media'> {
  if (mediaRoot === undefined || mediaUrl === undefined) return {};
  return { media: { root: path.resolve(baseDir, mediaRoot), url: mediaUrl.replace(/\/?$/, '/') } };
}
