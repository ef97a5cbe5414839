import path from 'node:path';
import { oneAtATime } from '../concurrency/one-at-a-time.js';
import { createStaticFiles, filesElsewhere, type StaticFiles } from './files.js';
import {
  assertProject,
  baseUrlOf,
  hasPlainNames,
  hasPublishedFiles,
  missingManifest,
  publishedFolder,
  publishedUrlOf,
  type ResolvedOptions,
  resolveOptions,
  sourceOf,
} from './locate.js';
import { createStatic, type StaticLookup } from './lookup.js';
import { modeOf } from './mode.js';
import type { LoadStaticOptions } from './options.js';
import { type ReadManifest, readManifest } from './read-manifest.js';
import { createTags, type StaticTags } from './tags.js';

/** Look-ups, tags and files of an application's static files. Its functions can be used without `this`. */
export interface LoadedStatic extends StaticLookup, StaticTags, StaticFiles {
  /**
   * Reads the manifest again for all later look-ups. If that fails, they keep using the old one.
   *
   * @throws StaticFilesError with the codes of {@link loadStatic}
   * @example
   * process.on('SIGHUP', () => statics.reload().catch((error) => console.error(error.message)));
   */
  reload(): Promise<void>;
}

/**
 * Returns the look-ups of a manifest. In development names are looked up among the sources. Without a manifest it is
 * development unless `NODE_ENV` is `production` (docs/development.md).
 *
 * @throws StaticFilesError `target` if the manifest is missing and look-ups are strict, or if it or its details cannot be
 *   read or are damaged; `usage` if the release's id is invalid or the base URL does not end in `/`; `settings` and
 *   `plugin` if the settings are needed and fail
 * @example
 * const statics = await loadStatic({ manifest: 'staticfiles/staticfiles.json', baseUrl: '/static/' });
 * statics.static('css/app.css'); // '/static/css/app.27e20196a850.css'
 */
export async function loadStatic(options: LoadStaticOptions = {}): Promise<LoadedStatic> {
  const load = await stateLoader(options);
  let current = await load();
  return {
    STATIC_URL: current.STATIC_URL,
    static: (name) => current.static(name),
    publicPath: (name) => current.publicPath(name),
    integrity: (name) => current.integrity(name),
    importmap: (element) => current.importmap(element),
    modulepreload: (name, element) => current.modulepreload(name, element),
    preloadHeader: (names, preload) => current.preloadHeader(names, preload),
    file: (name) => current.file(name),
    read: (name) => current.read(name),
    reload: oneAtATime(async () => {
      current = await load();
    }),
  };
}

/** Look-ups, tags and files of one manifest. */
type State = StaticLookup & StaticTags & StaticFiles;

/** Returns a function that reads the manifest, or asks the finders. Once it has read a manifest, it requires one. */
async function stateLoader(options: LoadStaticOptions): Promise<() => Promise<State>> {
  const resolved = resolveOptions(options);
  const { strict = true } = options;
  const [ownUrl, publishedUrl] = [await baseUrlOf(resolved), await publishedUrlOf(resolved)];
  const modeNow = modeOf(resolved, options.debug);
  let mustExist = strict;
  return async () => {
    let manifest: ReadManifest | undefined;
    const hasManifest = async () => {
      manifest ??= await readManifest(await sourceOf(resolved), resolved.warn);
      return manifest !== undefined;
    };
    const { isDevelopment, isAssumed } = await modeNow(hasManifest);
    if (isDevelopment) return inDevelopment(resolved, ownUrl, strict);
    if (await hasManifest()) mustExist = true;
    else if (mustExist) await assertPlainNames(resolved);
    if (isAssumed && manifest?.paths !== undefined) {
      const { warnOfNewerSources } = await import('./newer-sources.js');
      await warnOfNewerSources(resolved, new Map(Object.entries(manifest.paths)));
    }
    const lookup = createStatic({ paths: manifest?.paths, baseUrl: publishedUrl, strict });
    const locate = await publishedLocator(resolved, lookup);
    return { ...lookup, ...createTags(lookup, manifest ?? {}), ...createStaticFiles(lookup, locate) };
  };
}

/** Checks that there needs to be no manifest. */
async function assertPlainNames(resolved: ResolvedOptions): Promise<void> {
  if (!(await hasPlainNames(resolved))) throw missingManifest(await sourceOf(resolved));
  await assertProject(resolved, await hasPublishedFiles(resolved));
}

/** Returns a function that returns the path of a published file. */
async function publishedLocator(resolved: ResolvedOptions, { publicPath }: StaticLookup) {
  const folder = await publishedFolder(resolved);
  if (folder !== undefined) return (name: string) => path.join(folder, publicPath(name));
  const { storage } = await resolved.settings();
  const destination = `'${storage.displayUrl ?? storage.name}'`;
  return () => {
    throw filesElsewhere(destination);
  };
}

async function inDevelopment(resolved: ResolvedOptions, baseUrl: string, strict: boolean): Promise<State> {
  const { findInDevelopment } = await import('./dev.js');
  const settings = await resolved.settings();
  if (strict)
    await assertProject(
      resolved,
      settings.finders.some((finder) => finder.roots().length > 0),
    );
  const manifest = await findInDevelopment(settings, baseUrl);
  const lookup = createStatic({ paths: manifest.paths, baseUrl, strict });
  return { ...lookup, ...createTags(lookup, manifest), ...createStaticFiles(lookup, manifest.sourcePath) };
}
