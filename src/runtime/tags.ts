import type { StaticLookup } from './lookup.js';
import { destinationOf, linkValue, type Preload, preloadOf, withoutSuffix } from './preload.js';

/** Details of a published file that tags use (docs/manifest.md). */
export interface FileDetails {
  /** Value of HTML's `integrity` attribute: `sha384-…`. */
  readonly integrity?: string;
  /** For a module: the logical paths of its static imports, in their order. */
  readonly imports?: readonly string[];
}

/** Options of `createTags()`. */
export interface TagsOptions {
  /** `importmap` of a manifest. */
  readonly importmap?: object | undefined;
  /** `files` of a manifest's details: keyed by public path. */
  readonly files?: Readonly<Record<string, FileDetails>> | undefined;
}

/** Options of a generated element. */
export interface ElementOptions {
  /** Nonce of the page's Content-Security-Policy. */
  readonly nonce?: string | undefined;
}

/** Options of a generated `Link` header. */
export interface PreloadOptions {
  /**
   * Adds the integrity of each file (default: `false`). Set it only if the page's elements have it too, because
   * otherwise browsers load the file twice.
   */
  readonly integrity?: boolean;
}

/**
 * Makes elements and headers of a page from the names of static files. All names are logical paths, as in
 * {@link StaticLookup.static}; unknown ones throw the same errors.
 */
export interface StaticTags {
  /**
   * Returns the value of HTML's `integrity` attribute.
   *
   * @returns `''`, which browsers do not check, if the integrity is unknown or the name has no fingerprint: under such a
   *   name the next deploy may publish other bytes, which browsers would refuse
   * @example
   * `<script src="${statics.static(name)}" integrity="${statics.integrity(name)}"></script>`;
   */
  integrity(name: string): string;
  /**
   * Returns the `<script type="importmap">` of the manifest; `''` if it has no import map.
   *
   * @example
   * statics.importmap({ nonce }); // '<script type="importmap" nonce="…">{"imports": …}</script>'
   */
  importmap(options?: ElementOptions): string;
  /**
   * Returns a `<link rel="modulepreload">` for a module and for each module that it imports statically, directly or
   * indirectly, nearest first. Put it after the import map.
   *
   * @example
   * statics.modulepreload('js/app.js'); // '<link rel="modulepreload" href="/static/js/app.27e20196a850.js" …>\n…'
   */
  modulepreload(name: string, options?: ElementOptions): string;
  /**
   * Returns the value of a `Link` header that makes browsers load files early, in a response or in 103 Early Hints.
   *
   * @returns `''` for no names; `writeEarlyHints()` refuses that, so send no header then
   * @example
   * response.writeEarlyHints({ link: statics.preloadHeader(['css/app.css', { name: 'api/start.json', as: 'fetch' }]) });
   */
  preloadHeader(names: Iterable<string | Preload>, options?: PreloadOptions): string;
}

/**
 * Returns the tags of a look-up. They do no input or output, so they run wherever JavaScript does.
 *
 * @param lookup look-up made from the same manifest
 * @example
 * const statics = createStatic(manifest);
 * const tags = createTags(statics, { importmap: manifest.importmap, files: details.files });
 */
export function createTags(lookup: StaticLookup, { importmap, files = {} }: TagsOptions): StaticTags {
  const detailsOf = (name: string): FileDetails => {
    const publicPath = lookup.publicPath(name);
    return Object.hasOwn(files, publicPath) ? files[publicPath]! : {};
  };
  const integrity = (name: string) => (isRenamed(lookup, name) && detailsOf(name).integrity) || '';
  const isModule = moduleTest(files, detailsOf);
  return {
    integrity,
    importmap({ nonce } = {}) {
      if (importmap === undefined) return '';
      // A `<` could end the element or begin a comment.
      const json = JSON.stringify(importmap).replaceAll('<', '\\u003c');
      return `${tag('script', { type: 'importmap', nonce })}${json}</script>`;
    },
    modulepreload: (name, { nonce } = {}) =>
      Array.from(importedBy(name, detailsOf), (each) =>
        tag('link', {
          rel: 'modulepreload',
          href: lookup.static(each),
          integrity: integrity(each),
          nonce,
        }),
      ).join('\n'),
    preloadHeader: (names, options = {}) =>
      Array.from(names, (each) => {
        const preload = typeof each === 'string' ? { name: each } : each;
        return linkValue({
          ...preloadOf(preload, isModule(preload.name)),
          url: lookup.static(preload.name),
          integrity: options.integrity ? integrity(preload.name) : '',
        });
      }).join(','), // no space: Node's writeEarlyHints() would reject it
  };
}

/** Whether a file is published under a name that changes with its bytes. */
function isRenamed({ publicPath }: StaticLookup, name: string): boolean {
  const path = publicPath(name);
  return path !== name && path !== withoutSuffix(name);
}

/** Returns a module and the modules that it imports, nearest first, each once even in cycles. */
function importedBy(name: string, detailsOf: (name: string) => FileDetails): Iterable<string> {
  const modules = new Set([name]);
  // The loop also visits what it adds to the set.
  for (const each of modules) {
    for (const imported of detailsOf(each).imports ?? []) {
      // Not every browser can preload imported style sheets and JSON as modules.
      if (destinationOf(imported) === 'script') modules.add(imported);
    }
  }
  return modules;
}

/** Returns a test for modules: a script is one if it is named like one, imports, or is imported. */
function moduleTest(
  files: Readonly<Record<string, FileDetails>>,
  detailsOf: (name: string) => FileDetails,
): (name: string) => boolean {
  let imported: ReadonlySet<string> | undefined;
  return (name) => {
    const path = withoutSuffix(name);
    if (/\.mjs$/i.test(path) || detailsOf(name).imports !== undefined) return true;
    imported ??= new Set(Object.values(files).flatMap(({ imports = [] }) => imports));
    return imported.has(path);
  };
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/**
 * Returns the start tag of an element, without attributes whose value is missing or empty.
 *
 * @example
 * tag('link', { rel: 'modulepreload', href: '/a&b.js' }); // '<link rel="modulepreload" href="/a&amp;b.js">'
 */
export function tag(name: string, attributes: Readonly<Record<string, string | undefined>>): string {
  const written = Object.entries(attributes).map(([key, value]) =>
    value ? ` ${key}="${escapeHtml(value)}"` : '',
  );
  return `<${name}${written.join('')}>`;
}

/** Escapes a text for use in an element or in an attribute's quotes. */
function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character]!);
}
