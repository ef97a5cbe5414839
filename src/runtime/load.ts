import type { LoadStaticOptions } from './load-options.js';
import type { StaticLookup } from './lookup.js';
import { stateLoader } from './state.js';
import type { StaticTags } from './tags.js';

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
