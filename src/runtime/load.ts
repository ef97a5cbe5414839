import { oneAtATime } from '../concurrency/one-at-a-time.js';
import {
  baseUrlOf,
  hasPlainNames,
  missingManifest,
  publishedUrlOf,
  type ResolvedOptions,
  resolveOptions,
  sourceOf,
} from './locate.js';
import { createStatic, type LookupOptions, type StaticLookup } from './lookup.js';
import type { LoadStaticOptions } from './options.js';
import { readManifest } from './read-manifest.js';
import { createTags, type StaticTags, type TagsOptions } from './tags.js';

/** Look-ups and tags of an application's static files. Its functions can be used without `this`. */
export interface LoadedStatic extends StaticLookup, StaticTags {
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
 * Returns the look-ups of a manifest. In development, without a manifest, names are looked up among the sources.
 *
 * @throws StaticFilesError `target` if the manifest is missing, or if it or its details cannot be read or are damaged;
 *   `usage` if the release's id is invalid or the base URL does not end in `/`; `settings` and `plugin` if the settings
 *   are needed and fail
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
    reload: oneAtATime(async () => {
      current = await load();
    }),
  };
}

/** Look-ups and tags of one manifest. */
type State = StaticLookup & StaticTags;

/** Returns a function that reads the manifest, or asks the finders. Once it has read a manifest, it requires one. */
async function stateLoader(options: LoadStaticOptions): Promise<() => Promise<State>> {
  const resolved = resolveOptions(options);
  const [ownUrl, publishedUrl] = [await baseUrlOf(resolved), await publishedUrlOf(resolved)];
  let mustExist = options.debug === false || resolved.env.NODE_ENV === 'production';
  return async () => {
    const manifest = options.debug ? undefined : await readPublished(resolved, mustExist);
    if (manifest === undefined) return stateOf(await inDevelopment(resolved, ownUrl), ownUrl, options);
    mustExist = true;
    return stateOf(manifest, publishedUrl, options);
  };
}

/** @returns `undefined` if the manifest is missing and not required */
async function readPublished(resolved: ResolvedOptions, mustExist: boolean) {
  const source = await sourceOf(resolved);
  const manifest = await readManifest(source, resolved.warn);
  if (manifest !== undefined || (resolved.release === undefined && !mustExist)) return manifest;
  if (await hasPlainNames(resolved)) return {};
  throw missingManifest(source);
}

async function inDevelopment({ settings }: ResolvedOptions, baseUrl: string) {
  const { findInDevelopment } = await import('./dev.js');
  return findInDevelopment(await settings(), baseUrl);
}

function stateOf(
  manifest: Pick<LookupOptions, 'paths'> & TagsOptions,
  baseUrl: string,
  { strict }: LoadStaticOptions,
): State {
  const lookup = createStatic({ paths: manifest.paths, baseUrl, strict });
  return { ...lookup, ...createTags(lookup, manifest) };
}
