import {
  baseUrlOf,
  type Choice,
  choose,
  isPlain,
  missingManifest,
  publishedUrlOf,
  sourceOf,
} from './locate.js';
import { createStatic, type LookupOptions, type StaticLookup } from './lookup.js';
import type { LoadStaticOptions } from './options.js';
import { readManifest } from './read-manifest.js';
import { createTags, type StaticTags, type TagsOptions } from './tags.js';

/** What an application knows of its static files. Its functions need no `this`. */
export interface LoadedStatic extends StaticLookup, StaticTags {
  /**
   * Reads the manifest again; all look-ups then use the new one. Where that fails, they go on with the old one.
   *
   * @throws StaticFilesError as {@link loadStatic}
   */
  reload(): Promise<void>;
}

/**
 * Loads the manifest for look-ups; in development, where there is none, names are looked up among the sources.
 *
 * @throws StaticFilesError `target` where the manifest is not there, or it or its details cannot be read or are
 *   damaged; `usage` for a release that cannot be one, or a base URL that does not end in `/`; `settings` and `plugin`
 *   where the settings are needed
 * @example
 * const statics = await loadStatic({ manifest: 'staticfiles/staticfiles.json', baseUrl: '/static/' });
 * statics.static('css/app.css'); // '/static/css/app.27e20196a850.css'
 */
export async function loadStatic(options: LoadStaticOptions = {}): Promise<LoadedStatic> {
  const load = await stateLoader(options);
  let current = await load();
  let lastReload: Promise<void> = Promise.resolve();
  return {
    STATIC_URL: current.STATIC_URL,
    static: (name) => current.static(name),
    publicPath: (name) => current.publicPath(name),
    integrity: (name) => current.integrity(name),
    importmap: (element) => current.importmap(element),
    modulepreload: (name, element) => current.modulepreload(name, element),
    preloadHeader: (names, preload) => current.preloadHeader(names, preload),
    reload() {
      // One after the other, so that an older manifest never replaces a newer one.
      const reload = lastReload.then(async () => {
        current = await load();
      });
      lastReload = reload.catch(() => {});
      return reload;
    },
  };
}

/** One manifest, ready for look-ups. */
type State = StaticLookup & StaticTags;

/** Makes what reads the manifest, or asks the finders, at each call. What was once published stays so. */
async function stateLoader(options: LoadStaticOptions): Promise<() => Promise<State>> {
  const choice = choose(options);
  const [ownUrl, publishedUrl] = [await baseUrlOf(choice), await publishedUrlOf(choice)];
  let published = options.debug === false || choice.env.NODE_ENV === 'production';
  return async () => {
    const manifest = options.debug ? undefined : await readPublished(choice, published);
    if (manifest === undefined) return stateOf(await inDevelopment(choice, ownUrl), ownUrl, options);
    published = true;
    return stateOf(manifest, publishedUrl, options);
  };
}

/** @returns `undefined` where there is none, and there need not be one */
async function readPublished(choice: Choice, mustExist: boolean) {
  const source = await sourceOf(choice);
  const manifest = await readManifest(source, choice.warn);
  if (manifest !== undefined || (choice.release === undefined && !mustExist)) return manifest;
  if (await isPlain(choice)) return {};
  throw missingManifest(source);
}

async function inDevelopment({ settings }: Choice, baseUrl: string) {
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
